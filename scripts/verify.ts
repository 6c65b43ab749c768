import { readArguments } from './workshop/arguments.ts';
import { EXIT } from './workshop/errors.ts';
import { findLessons, lessonNumbered } from './workshop/lessons.ts';
import { verify } from './workshop/verify/verify.ts';

/** `npm run verify [n…]`: for authors, whether lessons are complete and their checks tell right from wrong. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const all = findLessons();
  const { failed } = await verify(positionals.length ? positionals.map((n) => lessonNumbered(n, all)) : all);
  return failed ? EXIT.notYet : EXIT.ok;
}
