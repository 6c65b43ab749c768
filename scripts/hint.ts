import { readArguments } from './workshop/arguments.ts';
import { EXIT } from './workshop/errors.ts';
import { nextHint } from './workshop/next-hint.ts';
import { keepPristine } from './workshop/pristine.ts';
import { whichLesson } from './workshop/which-lesson.ts';

/** `npm run hint [n]`: the next hint for the first failing step. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'hint');
  keepPristine();
  const hint = nextHint(lesson);
  if (!hint) {
    console.log(`Lesson ${lesson.number} passes. Nothing left to hint at. npm run lesson   goes on.`);
    return EXIT.ok;
  }
  const { renderHint } = await import('./workshop/render-hint.ts');
  console.log(renderHint(hint, process.stdout.columns));
  console.log(`  ${hint.next}\n`);
  return EXIT.ok;
}
