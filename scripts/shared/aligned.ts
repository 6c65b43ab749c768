/**
 * The rows as lines with aligned columns.
 * @param gap between two columns
 * @param isRight whether a column is aligned to the right
 */
export function aligned(
  rows: readonly (readonly string[])[],
  gap: string,
  isRight: (column: number) => boolean = () => false,
): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number) =>
    isRight(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join(gap).trimEnd());
}
