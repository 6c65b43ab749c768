import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import { findLessons, lessonNumbered } from '../course/lessons.ts';
import { problemsIn } from '../proof/mutants/findings.ts';
import { gradeMutants } from '../proof/mutants/grade-mutants.ts';
import { textOf } from '../proof/mutants/inputs.ts';
import type { Mutant } from '../proof/mutants/mutant.ts';
import type { Outcome } from '../proof/mutants/outcome.ts';
import { OutcomeCache } from '../proof/mutants/outcome-cache.ts';
import { markedOlder, renewed } from '../proof/mutants/report.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';
import { ROOT, shown } from '../shared/paths.ts';

const REPORT = join(ROOT, 'checks', 'MUTANTS.md');

/**
 * `npm run mutants [n…]`: for authors: does a check notice when a part of what its lesson teaches is missing?. `-- --mark` grades
 * nothing, and marks the lessons whose part of the report is out of date.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { mark: { type: 'boolean' } });
  const all = findLessons();
  if (values.mark) {
    writeFileSync(REPORT, markedOlder(textOf(REPORT), all));
    return EXIT.ok;
  }
  const lessons = positionals.length ? positionals.map((n) => lessonNumbered(n, all)) : all;
  console.log('Each outcome is kept as it is found: after Ctrl+C the next run goes on from there.');
  const found = await gradeMutants(lessons, new OutcomeCache(), say);

  const clean = found.filter((findings) => {
    const problems = problemsIn(findings);
    const { number } = findings.lesson;
    for (const problem of problems) console.log(`${chalk.red('✗')} lesson ${number}: ${problem}`);
    if (problems.length === 0)
      console.log(
        `${chalk.green('✓')} lesson ${number}: ${findings.graded.length} mutants, none unexplained`,
      );
    return problems.length === 0;
  });
  writeFileSync(REPORT, renewed(textOf(REPORT), clean));
  console.log(`${shown(REPORT)} is made anew for ${clean.length} of ${found.length} lessons.`);
  return clean.length === found.length ? EXIT.ok : EXIT.notYet;
}

function say({ name }: Mutant, outcome: Outcome, left: number): void {
  const words = outcome.kind === 'killed' ? `killed by ${outcome.by}` : outcome.kind;
  console.log(`${String(left).padStart(5)} to go  ${words}: ${name}`);
}
