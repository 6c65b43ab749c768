import type { Lesson } from '../../course/lessons.ts';
import { ROOT } from '../../shared/paths.ts';
import type { Count } from '../vitest.ts';
import type { Message } from './messages.ts';
import { canCompare, staleMessages, writeMessages } from './messages-file.ts';
import { gradingProofs } from './proofs.ts';
import { proseProblems } from './prose.ts';
import { prove, say } from './prove.ts';
import { structureProblems } from './structure.ts';

/**
 * Is every lesson complete, and does every check tell right from wrong, in the words of checks/MESSAGES.md? Says each thing as it
 * is proven.
 * @param lessons those that are looked at
 * @param write writes that page anew in place of comparing it
 * @returns how many things were proven, and how many turned out wrong; what this machine cannot tell counts for neither
 */
export async function verify(
  lessons: readonly Lesson[],
  { root = ROOT, write = false } = {},
): Promise<Count> {
  const began = performance.now();
  const problems = [...(await structureProblems(root, lessons)), ...proseProblems(root)];
  for (const { where, what } of problems) say(where, what);
  if (problems.length === 0) say('every lesson is complete, and its prose matches the code');

  const told: Message[] = [];
  const proofs = await gradingProofs(root, lessons, (message) => told.push(message));
  const { passed, failed, unproven, engine } = await prove(proofs, root);
  const count = { passed: passed + (problems.length ? 0 : 1), failed: failed + problems.length };

  const graded = { lessons, proofs, told, root };
  if (write) await writeMessages(graded);
  else if (canCompare(engine, root)) {
    const stale = await staleMessages(graded);
    say('checks/MESSAGES.md has what the checks say', stale);
    count[stale ? 'failed' : 'passed'] += 1;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const here = unproven ? `, ${unproven} not proven here` : '';
  console.log(`verify: ${count.passed} passed, ${count.failed} failed${here}, in ${seconds} s on ${engine}`);
  return count;
}
