import { findLessons, type Lesson } from '../../course/lessons.ts';
import { ROOT } from '../../shared/paths.ts';
import type { Count } from '../vitest.ts';
import type { Message } from './messages.ts';
import { canCompare, staleMessages, writeMessages } from './messages-file.ts';
import { gradingProofs } from './proofs.ts';
import { proseProblems } from './prose.ts';
import { proofLine, prove } from './prove.ts';
import { unprovenOf } from './proven-before.ts';
import { starterProblems } from './starters.ts';
import { structureProblems } from './structure.ts';

/**
 * Proves that every lesson is complete and that every check tells right from wrong, with the messages of checks/MESSAGES.md. Prints each
 * proof as it ends.
 * @param lessons the lessons to prove
 * @param write writes that page instead of comparing it
 * @param skipProven leaves out proofs that passed on this machine with the same files
 * @param print gets each line of the report
 * @returns how many proofs passed and failed; without those that this machine cannot run
 */
export async function verify(
  lessons: readonly Lesson[],
  {
    root = ROOT,
    write = false,
    skipProven = false,
    print = console.log,
  }: { root?: string; write?: boolean; skipProven?: boolean; print?: (line: string) => void } = {},
): Promise<Count> {
  const began = performance.now();
  const problems = [
    ...(await structureProblems(root, lessons)),
    ...starterProblems(lessons, findLessons(root), root),
    ...proseProblems(root),
  ];
  for (const { where, what } of problems) print(proofLine(where, what));
  if (problems.length === 0)
    print(
      proofLine('every lesson is complete, begins where the last one ended, and its prose matches the code'),
    );

  const told: Message[] = [];
  const proofs = await gradingProofs(root, lessons, (message) => told.push(message));
  const before = await unprovenOf(proofs, lessons, root);
  const toRun = skipProven ? before.open : proofs;
  const { passed, failed, unproven, engine, green } = await prove(toRun, root, print);
  before.keep(toRun, green);
  const count = { passed: passed + (problems.length ? 0 : 1), failed: failed + problems.length };

  const graded = { lessons, proofs, told, root };
  if (write) await writeMessages(graded);
  else if (canCompare(engine, root)) {
    const stale = await staleMessages(graded);
    print(proofLine('checks/MESSAGES.md has what the checks say', stale));
    count[stale ? 'failed' : 'passed'] += 1;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const here = unproven ? `, ${unproven} not proven here` : '';
  if (skipProven && before.left)
    print(`  ${before.left} proofs passed before with these very files. npm run verify   runs them all.`);
  print(`verify: ${count.passed} passed, ${count.failed} failed${here}, in ${seconds} s on ${engine}`);
  return count;
}
