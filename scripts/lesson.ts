import { readArguments } from './workshop/arguments.ts';
import { EXIT, UsageError } from './workshop/errors.ts';
import { missingFile } from './workshop/lessons.ts';
import { openLesson } from './workshop/live/live-lesson.ts';
import { keepPristine } from './workshop/pristine.ts';
import { whichLesson } from './workshop/which-lesson.ts';

/** `npm run lesson [n]`: opens a lesson and keeps it open until the learner quits. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'lesson');
  keepPristine();
  const gone = missingFile(lesson);
  if (gone) throw new UsageError(`${gone} is gone. npm run reset ${lesson.number}   puts the starter back.`);
  await openLesson(lesson);
  return EXIT.ok;
}
