import type { Row } from '../shared/figures-table.ts';
import type { ChartPlan } from './lab.ts';

/** The rows of one line or one bar pattern. */
export interface Series {
  readonly label: string;
  readonly points: readonly { readonly x: string | number; readonly y: number }[];
}

/** The data series of a chart. Rows without a figure are left out. */
export function seriesOf({ x, y, series, only = {} }: ChartPlan, rows: readonly Row[]): Series[] {
  const drawn = new Map<string, { x: string | number; y: number }[]>();
  for (const row of rows) {
    if (Object.entries(only).some(([key, cell]) => row[key] !== cell)) continue;
    const at = row[x];
    const value = row[y];
    if (typeof value !== 'number' || at === null || at === undefined) continue;
    const label = String(row[series]);
    drawn.set(label, [...(drawn.get(label) ?? []), { x: at, y: value }]);
  }
  return [...drawn].map(([label, points]) => ({ label, points }));
}
