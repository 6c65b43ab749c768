import { missingInWords } from '../course/lessons.ts';
import { keepPristine } from '../course/pristine.ts';
import { whichLesson } from '../course/which-lesson.ts';
import { openLesson } from '../live/live-lesson.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';

/** `npm run lesson [n]`: opens a lesson and keeps it open until the learner quits. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'lesson');
  keepPristine();
  const gone = missingInWords(lesson);
  if (gone) throw new UsageError(gone);
  await openLesson(lesson);
  return EXIT.ok;
}
