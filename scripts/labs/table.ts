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
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const pad = (text: string, at: number) =>
    numeric[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  const drawn = lines.map((line) => `  ${line.map(pad).join('   ')}`.trimEnd());
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('   ')}`;
  return [drawn[0], rule, ...drawn.slice(1)].join('\n');
}
