import { solutionOf } from '../../course/answers.ts';
import type { Lesson } from '../../course/lessons.ts';
import { judgeEach } from '../../grader/judges.ts';
import { ROOT } from '../../shared/paths.ts';
import type { Findings, Graded } from './findings.ts';
import { type Mutant, mutantsOf } from './mutant.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { OutcomeCache } from './outcome-cache.ts';
import { readReasons } from './reasons.ts';

/**
 * Grades the mutants of these lessons that were not graded before, and keeps each outcome at once.
 * @param said called with each outcome, and how many are left
 */
export async function gradeMutants(
  lessons: readonly Lesson[],
  cache: OutcomeCache,
  said: (mutant: Mutant, outcome: Outcome, left: number) => void,
  root = ROOT,
): Promise<Findings[]> {
  const all = await Promise.all(
    lessons.map(async (lesson) => ({
      lesson,
      mutants: await mutantsOf(lesson),
      reasons: readReasons(lesson),
      graded: [] as Graded[],
    })),
  );
  const queue = all.flatMap(({ lesson, mutants, graded }) =>
    mutants.map((mutant) => ({ lesson, mutant, graded, known: cache.get(lesson, mutant) })),
  );
  for (const { mutant, graded, known } of queue) if (known) graded.push({ mutant, outcome: known });

  const unknown = queue.filter(({ known }) => !known);
  let left = unknown.length;
  if (left) {
    await judgeEach(
      unknown,
      async (judge, { lesson, mutant, graded }) => {
        const source = { ...solutionOf(lesson), files: { [mutant.file]: mutant.text } };
        const outcome = outcomeOf(await judge.grade(lesson, source, { untilFailure: true }));
        if (outcome.kind !== 'unknown') cache.keep(lesson, mutant, outcome);
        graded.push({ mutant, outcome });
        left -= 1;
        said(mutant, outcome, left);
      },
      root,
    );
  }
  return all;
}
