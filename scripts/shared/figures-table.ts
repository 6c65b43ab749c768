import { tableLines } from './table.ts';

/** One cell of a table. `null`: no figure. */
export type Cell = string | number | null;

/** One line of a lab's table, by column. */
export type Row = Readonly<Record<string, Cell>>;

export interface Column {
  readonly key: string;
  readonly title: string;
  /** Digits after the point; 0 unless given. */
  readonly digits?: number;
}

/** A cell as text: 12,345.6 */
export function formatCell(cell: Cell | undefined, { digits = 0 }: Column): string {
  if (cell === null || cell === undefined) return '-';
  if (typeof cell === 'string') return cell;
  return cell.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Whether a column holds numbers, which are aligned to the right. */
export function isNumeric({ key }: Column, rows: readonly Row[]): boolean {
  return rows.some((row) => typeof row[key] === 'number');
}

/** A table for the terminal. */
export function renderTable(columns: readonly Column[], rows: readonly Row[]): string {
  const numeric = columns.map((column) => isNumeric(column, rows));
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => formatCell(row[column.key], column))),
  ];
  const drawn = tableLines(lines, { gap: '   ', rule: true, isRight: (at) => numeric[at] === true });
  return drawn.map((line) => `  ${line}`).join('\n');
}
