import { moveOldAnswers } from '../course/old-layout.ts';
import { forget } from '../course/progress.ts';
import { whichLesson } from '../course/which-lesson.ts';
import { resetLesson } from '../course/work.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';

/** `npm run reset [n]`: puts today's starter back, and keeps the learner's version in the attic. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'reset');
  moveOldAnswers();
  const attic = resetLesson(lesson, new Date());
  forget(lesson);
  console.log(`Lesson ${lesson.number} begins anew: ${shown(lesson.workDir)} has the starter.`);
  if (attic) console.log(`Your version is kept in ${shown(attic)}`);
  return EXIT.ok;
}
