/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'times' | 'ms';
  /** What it must stay under; absent for what is only told. */
  readonly limit?: number;
  /** What the figure was made of. */
  readonly detail: string;
}

export const isOver = ({ value, limit }: Figure): boolean => limit !== undefined && value >= limit;

/** A table: figure, limit, ok or over. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    show(figure.value, figure.unit),
    figure.limit === undefined ? '' : `< ${show(figure.limit, figure.unit)}`,
    figure.limit === undefined ? '' : isOver(figure) ? 'OVER' : 'ok',
    figure.detail,
  ]);
  const table = [['what', 'figure', 'limit', '', 'made of'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const show = (value: number, unit: Figure['unit']): string =>
  unit === 'ms' ? `${value.toFixed(value < 10 ? 2 : 0)} ms` : `${value.toFixed(2)}x`;
