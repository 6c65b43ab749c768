import type { LessonVerdict } from '../../grader/verdict.ts';

/** The outcome of a mutant: killed, and by what; survived; or unknown, because the grader failed or something was missing. */
export type Outcome =
  | { readonly kind: 'killed' /** '3.2', 'breakdown' or 'silence' */; readonly by: string }
  | { readonly kind: 'survived' }
  | { readonly kind: 'unknown'; readonly why: string };

/** What a verdict on a mutant means. */
export function outcomeOf({ steps }: LessonVerdict): Outcome {
  const error = steps.find(({ verdict }) => verdict === 'error');
  if (error) return { kind: 'unknown', why: `${error.id} broke: ${error.reason}` };
  const failed = steps.find(({ verdict }) => verdict === 'fail');
  if (failed) return { kind: 'killed', by: failed.crashed ? howItBroke(failed.got ?? '') : failed.id };
  const skipped = steps.find(({ verdict }) => verdict === 'skipped');
  if (skipped) return { kind: 'unknown', why: `${skipped.id} is skipped: ${skipped.reason?.split('\n')[0]}` };
  return { kind: 'survived' };
}

function howItBroke(got: string): string {
  return /within [\d.]+ s/.test(got) ? 'silence' : 'breakdown';
}
