import type { VerdictWord } from '../../grader/verdict.ts';
import type { Report } from '../report.ts';

/** A learner's standing in a lesson, as stored in MongoDB: the last report's result, but no report. */
export interface Standing {
  readonly verdict: VerdictWord;
  /** The first step with the verdict `fail` or `error`. */
  readonly step?: string;
  readonly likely?: string;
  /** When the verdict or the step last changed. */
  readonly since: Date;
  /** The number of reports on this lesson so far. */
  readonly reports: number;
  /** How many steps passed in the last report, of how many: '3 of 5'. */
  readonly steps: string;
  /** The learner's own count of the last report. It gives the order of reports, whatever clocks say. */
  readonly seq: number;
}

/**
 * The standing after one more report. A report that is older than the standing, by the learner's count, is only counted.
 * @param before the standing so far; undefined before the first report on the lesson
 * @param at when the report was graded, by the clock of the class
 */
export function afterReport(before: Standing | undefined, report: Report, at: Date): Standing {
  const reports = (before?.reports ?? 0) + 1;
  if (before && report.seq < before.seq) return { ...before, reports };
  const { verdict, steps, likely, seq } = report;
  const step = steps.find((each) => each.verdict === 'fail' || each.verdict === 'error')?.id;
  const isSame = before?.verdict === verdict && before.step === step;
  const passed = steps.filter((each) => each.verdict === 'pass').length;
  return {
    verdict,
    ...(step === undefined ? {} : { step }),
    ...(likely === undefined ? {} : { likely }),
    since: isSame ? before.since : at,
    reports,
    steps: `${passed} of ${steps.length}`,
    seq,
  };
}

/**
 * When a report was graded, by the clock of the class. The learner's side says how long ago that was; it cannot have been before
 * the learner joined, nor in the future.
 */
export function gradedAt(agoMs: number, joinedAt: Date, now = new Date()): Date {
  return new Date(Math.max(now.getTime() - agoMs, Math.min(joinedAt.getTime(), now.getTime())));
}
