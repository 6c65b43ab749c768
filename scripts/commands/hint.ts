import { nextHint } from '../course/next-hint.ts';
import { prepareWork } from '../course/prepare.ts';
import { whichLesson } from '../course/which-lesson.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run hint [n]`: the next hint for the first failing step. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'hint');
  prepareWork([lesson]);
  const hint = nextHint(lesson);
  if (!hint) {
    console.log(`Lesson ${lesson.number} passes. Nothing left to hint at. npm run lesson   goes on.`);
    return EXIT.ok;
  }
  const { renderHint } = await import('../course/render-hint.ts');
  console.log(renderHint(hint, process.stdout.columns));
  console.log(`  ${hint.next}\n`);
  return EXIT.ok;
}
