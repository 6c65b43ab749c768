import { prepareWork } from '../course/prepare.ts';
import { whichLesson } from '../course/which-lesson.ts';
import { openLesson } from '../live/live-lesson.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run lesson [n]`: opens a lesson and keeps it open until the learner quits. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'lesson');
  prepareWork([lesson]);
  await openLesson(lesson);
  return EXIT.ok;
}
