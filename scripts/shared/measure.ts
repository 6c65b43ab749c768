/** The value that `part` of the values do not exceed: 0.5 for the median, 0.99 for p99. NaN without values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value. A few slow rounds do not move it. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A part in percent. */
export const percent = (part: number, whole: number): number => (100 * part) / whole;

/** How many times as long one function took as the other, in the same rounds. */
export function ratio(times: readonly number[], others: readonly number[]): number {
  return median(times.map((time, round) => time / (others[round] ?? Number.NaN)));
}

/** How long the work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Times several functions in turns, so that other programs slow all of them alike. The first rounds warm up.
 * @returns for each function the milliseconds of every round
 */
export async function inTurns(
  works: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<number[][]> {
  const times: number[][] = works.map(() => []);
  const warmUp = Math.ceil(rounds / 4);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      const time = await timed(work);
      if (round >= 0) times[index]?.push(time);
    }
  }
  return times;
}
