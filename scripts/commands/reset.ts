import { keepPristine, resetLesson } from '../course/pristine.ts';
import { remember } from '../course/state.ts';
import { whichLesson } from '../course/which-lesson.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';

/** `npm run reset [n]`: puts the starter back, and keeps the learner's version in the attic. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'reset');
  keepPristine();
  const attic = resetLesson(lesson, new Date());
  remember(lesson.folder, () => ({ verdict: 'skipped', steps: {}, hints: {} }));
  console.log(`Lesson ${lesson.number} is as it came.`);
  if (attic) console.log(`Your version is kept in ${shown(attic)}`);
  return EXIT.ok;
}
