import type { Lesson } from '../../course/lessons.ts';
import type { Mutant } from './mutant.ts';
import type { Outcome } from './outcome.ts';
import type { Reasons } from './reasons.ts';

/** A mutant of a lesson, and its outcome. */
export interface Graded {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

/** All outcomes of the mutants of one lesson. */
export interface Findings {
  readonly lesson: Lesson;
  readonly graded: readonly Graded[];
  readonly reasons: Reasons;
}

/** What keeps the report from being written, a line each: unexplained or unknown mutants, and reasons without a mutant. */
export function problemsIn(findings: Findings): string[] {
  const survivors = findings.graded.filter(({ outcome }) => outcome.kind === 'survived');
  const names = survivors.map(({ mutant }) => mutant.name);
  const explained = Object.values(findings.reasons).flat();
  return [
    ...findings.graded.flatMap(({ mutant, outcome }) =>
      outcome.kind === 'unknown' ? [`not graded (${outcome.why}): ${mutant.name}`] : [],
    ),
    ...survivors
      .filter(({ mutant }) => !explained.includes(mutant.name))
      .map(
        ({ mutant }) =>
          `survives, and has no reason (line ${mutant.line}, ${mutant.operator}): ${mutant.name}`,
      ),
    ...explained
      .filter((name) => !names.includes(name))
      .map((name) => `has a reason, and does not survive, or is no mutant any more: ${name}`),
  ];
}
