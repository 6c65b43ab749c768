import { UsageError } from '../shared/errors.ts';

const MAX_LETTERS = 24;
/** Letters of any script with their accents, digits, and signs that join names. No control characters, direction marks or markup. */
const ALLOWED = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._'’-]*$/u;
/** More accents on one letter than any language needs; they would cover other lines. */
const PILED_UP = /\p{M}{4}/u;

const letters = new Intl.Segmenter();

/**
 * A nickname in the form in which it is shown.
 * @throws {UsageError} that says what is wrong with it
 */
export function readNickname(given: unknown): string {
  if (typeof given !== 'string') throw new UsageError('A nickname is missing.');
  // One form for each letter, and single spaces, so that names that look alike are equal.
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

/** A key that is the same for equal nicknames. */
export function keyOf(nickname: string): string {
  return nickname.toLowerCase();
}

/** A free nickname: this one with a number after it. */
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
