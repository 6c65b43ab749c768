import { readArguments } from './workshop/arguments.ts';
import { EXIT, UsageError } from './workshop/errors.ts';
import { missingInWords } from './workshop/lessons.ts';
import { openLesson } from './workshop/live/live-lesson.ts';
import { keepPristine } from './workshop/pristine.ts';
import { whichLesson } from './workshop/which-lesson.ts';

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
