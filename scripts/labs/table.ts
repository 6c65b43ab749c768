import { aligned } from '../shared/aligned.ts';
import type { Cell, Column, Row } from './lab.ts';

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
