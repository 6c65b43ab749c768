import chalk from 'chalk';
import { Judge } from '../grade.ts';
import { ROOT } from '../paths.ts';
import { keepPristine } from '../pristine.ts';
import type { Count } from '../vitest.ts';
import { gradingProofs } from './proofs.ts';
import { proseProblems } from './prose.ts';
import { structureProblems } from './structure.ts';

/**
 * Is every lesson complete, and does every check tell right from wrong? Says each thing as it is proven.
 * @returns how many things were proven, and how many turned out wrong
 */
export async function verify(root = ROOT): Promise<Count> {
  keepPristine(root);
  const began = performance.now();
  const problems = [...(await structureProblems(root)), ...proseProblems(root)];
  for (const { where, what } of problems) console.log(`${chalk.red('✗')} ${where}\n    ${what}`);
  if (problems.length === 0)
    console.log(`${chalk.green('✓')} every lesson is complete, and its prose matches the code`);

  const count = { passed: problems.length === 0 ? 1 : 0, failed: problems.length };
  const judge = await Judge.open(root);
  for (const proof of await gradingProofs(root)) {
    const wrong = await proof.run(judge);
    console.log(
      wrong ? `${chalk.red('✗')} ${proof.name}\n    ${wrong}` : `${chalk.green('✓')} ${proof.name}`,
    );
    count[wrong ? 'failed' : 'passed'] += 1;
  }
  await judge.close();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `verify: ${count.passed} passed, ${count.failed} failed, in ${seconds} s on ${judge.engine.kind}`,
  );
  return count;
}
