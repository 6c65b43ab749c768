import { tableLines } from '../../shared/table.ts';

/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'times' | 'ms';
  /** The figure must stay under it. Absent when there is no limit. */
  readonly limit?: number;
  /** The measured times behind the figure. */
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
  return tableLines(table).join('\n');
}

export const show = (value: number, unit: Figure['unit']): string =>
  unit === 'ms' ? `${value.toFixed(value < 10 ? 2 : 0)} ms` : `${value.toFixed(2)}x`;
