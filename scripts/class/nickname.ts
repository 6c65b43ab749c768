import { UsageError } from '../shared/errors.ts';

const MAX_LETTERS = 24;
/** Letters of any script with their accents, digits, and what names are joined with. No controls, no direction marks, no markup. */
const ALLOWED = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._'’-]*$/u;
/** More accents on one letter than any language needs, painted over the neighbours. */
const PILED_UP = /\p{M}{4}/u;

const letters = new Intl.Segmenter();

/**
 * A nickname as it is shown.
 * @throws {UsageError} that says what is wrong with it
 */
export function readNickname(given: unknown): string {
  if (typeof given !== 'string') throw new UsageError('A nickname is missing.');
  // One way to write each letter, and one space where there were several: two names that look alike are alike.
  const name = given.normalize('NFKC').trim().replace(/ +/g, ' ');
  if (name === '') throw new UsageError('A nickname is missing.');
  if (name.length > 4 * MAX_LETTERS || [...letters.segment(name)].length > MAX_LETTERS)
    throw new UsageError(`The nickname is too long: ${MAX_LETTERS} letters at most.`);
  if (!ALLOWED.test(name) || PILED_UP.test(name)) {
    throw new UsageError(
      "The nickname has characters that it cannot have. It may hold letters, digits, spaces and . _ - ', and begins with a letter or a digit.",
    );
  }
  return name;
}

/** What two nicknames that are the same have in common. */
export function keyOf(nickname: string): string {
  return nickname.toLowerCase();
}

/** A nickname that nobody has: this one with a number after it. */
export function freeNickname(taken: string, keys: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    const end = ` ${number}`;
    const start = [...letters.segment(taken)]
      .slice(0, MAX_LETTERS - end.length)
      .map(({ segment }) => segment);
    const free = `${start.join('').trimEnd()}${end}`;
    if (!keys.has(keyOf(free))) return free;
  }
}
