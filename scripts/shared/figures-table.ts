import { aligned } from './aligned.ts';

/** What is in one place of a table. `null`: there is nothing to say there. */
export type Cell = string | number | null;

/** One line of a lab's table, by column. */
export type Row = Readonly<Record<string, Cell>>;

export interface Column {
  readonly key: string;
  readonly title: string;
  /** How many digits after the point; none unless said. */
  readonly digits?: number;
}

/** A cell in words: 12,345.6 */
export function cellInWords(cell: Cell | undefined, { digits = 0 }: Column): string {
  if (cell === null || cell === undefined) return '-';
  if (typeof cell === 'string') return cell;
  return cell.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Whether a column holds numbers: they stand at the right. */
export function isNumeric({ key }: Column, rows: readonly Row[]): boolean {
  return rows.some((row) => typeof row[key] === 'number');
}

/** A table for the terminal. */
export function renderTable(columns: readonly Column[], rows: readonly Row[]): string {
  const numeric = columns.map((column) => isNumeric(column, rows));
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => cellInWords(row[column.key], column))),
  ];
  // The rule is a row of its own, made as wide as each column.
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const rule = widths.map((width) => '─'.repeat(width));
  const [head = [], ...body] = lines;
  const drawn = aligned([head, rule, ...body], '   ', (at) => numeric[at] === true);
  return drawn.map((line) => `  ${line}`).join('\n');
}
