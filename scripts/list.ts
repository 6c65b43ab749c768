import chalk from 'chalk';
import { readArguments } from './workshop/arguments.ts';
import { EXIT } from './workshop/errors.ts';
import { findLessons } from './workshop/lessons.ts';
import { keepPristine } from './workshop/pristine.ts';
import { readProgress } from './workshop/state.ts';
import { firstUnfinished } from './workshop/which-lesson.ts';

/** `npm run list`: the lessons, their last verdicts, and where the learner is. */
export async function main(args: string[]): Promise<number> {
  readArguments(args, {});
  keepPristine();
  const lessons = findLessons();
  const progress = readProgress();
  const here = firstUnfinished(lessons);
  console.log('');
  for (const lesson of lessons) {
    const { verdict, steps = {} } = progress.lessons[lesson.folder] ?? {};
    const passed = Object.values(steps).filter((step) => step === 'pass').length;
    const count = Object.keys(steps).length;
    const state = count === 0 ? chalk.dim('not graded yet') : `${passed} of ${count} steps`;
    const mark = verdict === 'pass' ? chalk.green('✓') : lesson === here ? chalk.cyan('›') : ' ';
    console.log(`  ${mark} ${String(lesson.number).padStart(2)}  ${lesson.title.padEnd(48)} ${state}`);
  }
  const next = here ? `npm run lesson ${here.number}   goes on here` : 'All lessons pass.';
  console.log(`\n  ${next}\n`);
  return EXIT.ok;
}
