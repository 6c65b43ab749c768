import type { Steps } from './turns.ts';

/** How many values are sorted in one step. */
const RUN = 64;

/** Sorts into a new array as `toSorted` does, equal values in their order, but in steps: runs, which are then merged. */
export function* sortedInSteps<T>(values: readonly T[], order: (a: T, b: T) => number): Steps<T[]> {
  let sorted: T[] = [];
  for (let from = 0; from < values.length; from += RUN) {
    sorted.push(...values.slice(from, from + RUN).sort(order));
    yield;
  }
  for (let width = RUN; width < values.length; width *= 2) {
    const merged: T[] = [];
    for (let from = 0; from < values.length; from += 2 * width) {
      yield* merge(sorted, from, Math.min(from + width, values.length), from + 2 * width, order, merged);
    }
    sorted = merged;
  }
  return sorted;
}

/** Appends the sorted runs from `start` and from `middle` to `merged`. */
function* merge<T>(
  sorted: readonly T[],
  start: number,
  middle: number,
  end: number,
  order: (a: T, b: T) => number,
  merged: T[],
): Steps<void> {
  let [left, right] = [start, middle];
  const stop = Math.min(end, sorted.length);
  while (left < middle || right < stop) {
    const fromLeft = right >= stop || (left < middle && order(sorted[left] as T, sorted[right] as T) <= 0);
    merged.push(sorted[fromLeft ? left++ : right++] as T);
    if (merged.length % RUN === 0) yield;
  }
}
