/** The cells of the first table after a text, row by row, without its head. */
export function rowsOf(page: string, after: string): string[][] {
  const lines = page.slice(page.indexOf(after)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  if (!page.includes(after) || first < 0) throw new Error(`There is no table after "${after}".`);
  const table = lines.slice(first, first + lines.slice(first).findIndex((line) => !line.startsWith('|')));
  return table.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
