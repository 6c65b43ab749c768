import { availableParallelism } from 'node:os';
import chalk from 'chalk';
import { Judge } from '../grade.ts';
import type { Lesson } from '../lessons.ts';
import { ROOT } from '../paths.ts';
import { keepPristine } from '../pristine.ts';
import type { Count } from '../vitest.ts';
import { gradingProofs, Unproven } from './proofs.ts';
import { proseProblems } from './prose.ts';
import { structureProblems } from './structure.ts';

/** A judge mostly waits for its shop: one a core keeps the machine busy. More than these do not help. */
const MOST_JUDGES = 4;

/**
 * Is every lesson complete, and does every check tell right from wrong? Says each thing as it is proven.
 * @param lessons those that are looked at
 * @returns how many things were proven, and how many turned out wrong; what this machine cannot tell counts for neither
 */
export async function verify(lessons: readonly Lesson[], root = ROOT): Promise<Count> {
  keepPristine(root);
  const began = performance.now();
  const problems = [...(await structureProblems(root, lessons)), ...proseProblems(root)];
  for (const { where, what } of problems) console.log(`${chalk.red('✗')} ${where}\n    ${what}`);
  if (problems.length === 0)
    console.log(`${chalk.green('✓')} every lesson is complete, and its prose matches the code`);

  const count = { passed: problems.length === 0 ? 1 : 0, failed: problems.length };
  let unproven = 0;
  // One list that all judges take from, so that none is idle while another has much to do.
  const proofs = (await gradingProofs(root, lessons)).values();
  const judge = async () => {
    const judge = await Judge.open(root);
    for (const { name, run } of proofs) {
      const wrong = await run(judge);
      if (wrong instanceof Unproven) {
        unproven += 1;
        console.log(`${chalk.yellow('-')} ${name}\n    not proven here: ${wrong.reason}`);
        continue;
      }
      console.log(wrong ? `${chalk.red('✗')} ${name}\n    ${wrong}` : `${chalk.green('✓')} ${name}`);
      count[wrong ? 'failed' : 'passed'] += 1;
    }
    await judge.close();
    return judge.engine.kind;
  };
  const judges = Array.from({ length: Math.min(availableParallelism(), MOST_JUDGES) }, judge);
  const [engine] = await Promise.all(judges);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const here = unproven ? `, ${unproven} not proven here` : '';
  console.log(`verify: ${count.passed} passed, ${count.failed} failed${here}, in ${seconds} s on ${engine}`);
  return count;
}
