/** The value that so large a part of the values does not exceed: 0.5 for the median, 0.99 for p99. NaN without values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** How many of a hundred. */
export const percent = (part: number, whole: number): number => (100 * part) / whole;
