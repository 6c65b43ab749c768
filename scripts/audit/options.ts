import { UsageError } from '../shared/errors.ts';

/** A flag that takes seconds, in milliseconds. @throws {UsageError} when it is no number above 0 */
export function readSeconds(flag: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise * 1000;
  const seconds = Number(given);
  if (!(seconds > 0) || given.trim() === '')
    throw new UsageError(`--${flag} takes a number of seconds, and was given ${given}.`);
  return seconds * 1000;
}

/** The findings that --only and --skip leave. @throws {UsageError} for an unknown word */
export function readWanted<Id extends string>(
  only: string | undefined,
  skip: string | undefined,
  all: readonly Id[],
): Id[] {
  const named = (flag: string, given: string) =>
    given
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)
      .map((word) => {
        const id = all.find((each) => each === word);
        if (id) return id;
        throw new UsageError(`--${flag} names findings, and ${word} is none. There are: ${all.join(', ')}.`);
      });
  const kept = only ? named('only', only) : all;
  const left = skip ? named('skip', skip) : [];
  return kept.filter((id) => !left.includes(id));
}
