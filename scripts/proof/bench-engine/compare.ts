/** The middle one; a few slow rounds, such as those of a busy machine, do not move it. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Times several works in turns, round by round, so that whatever else the machine does slows all of them alike. Returns for each the time
 * of every round in milliseconds. The first rounds only warm up.
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

/** How many times as long a work took as another, in the same rounds. */
export function ratio(times: readonly number[], others: readonly number[]): number {
  return median(times.map((time, round) => time / (others[round] ?? Number.NaN)));
}
