import { findLessons, lessonNumbered } from '../course/lessons.ts';
import { verify } from '../proof/verify/verify.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run verify [n…]`: for authors: are lessons complete, and do their checks tell right from wrong?. `--write` refreshes checks/MESSAGES.md. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { write: { type: 'boolean' } });
  const all = findLessons();
  const lessons = positionals.length ? positionals.map((n) => lessonNumbered(n, all)) : all;
  const { failed } = await verify(lessons, { write: values.write === true });
  return failed ? EXIT.notYet : EXIT.ok;
}
