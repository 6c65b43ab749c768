import type { VerdictWord } from '../../grader/verdict.ts';
import type { Report } from '../report.ts';

/** A report as MongoDB keeps it, in its learner's document. */
export interface StoredReport extends Report {
  /** When it was graded, by the clock of the class. */
  readonly at: Date;
}

/** Where a learner stands in a lesson. */
export interface Standing {
  readonly verdict: VerdictWord;
  /** The first step that did not pass. */
  readonly step?: string;
  readonly likely?: string;
  /** Since when it is that verdict and that step. */
  readonly since: Date;
  readonly reports: number;
  /** How many steps passed in the last one, and how many there are: '3 of 5'. */
  readonly steps: string;
}

/** Where a learner stands: lesson number to what their reports on it come to. */
export function standingsOf(reports: readonly StoredReport[]): Readonly<Record<number, Standing>> {
  const lessons = [...new Set(reports.map(({ lesson }) => lesson))];
  return Object.fromEntries(
    lessons.map((lesson) => [lesson, standingOf(reports.filter((each) => each.lesson === lesson))]),
  );
}

/** Made of at least one report. The learner's own count gives their order. */
function standingOf(reports: readonly StoredReport[]): Standing {
  const inOrder = [...reports].sort((a, b) => a.seq - b.seq || a.at.getTime() - b.at.getTime());
  const last = inOrder.at(-1) as StoredReport;
  const step = stuckAt(last);
  const before = inOrder.findLastIndex((each) => each.verdict !== last.verdict || stuckAt(each) !== step);
  const { at: since } = inOrder[before + 1] as StoredReport;
  const passed = last.steps.filter(({ verdict }) => verdict === 'pass').length;
  return {
    verdict: last.verdict,
    ...(step === undefined ? {} : { step }),
    ...(last.likely === undefined ? {} : { likely: last.likely }),
    since,
    reports: reports.length,
    steps: `${passed} of ${last.steps.length}`,
  };
}

function stuckAt({ steps }: StoredReport): string | undefined {
  return steps.find(({ verdict }) => verdict === 'fail' || verdict === 'error')?.id;
}

/**
 * When a report was graded, by the clock of the class. The learner's side says how long ago that was; it cannot have been before
 * the learner joined, nor in the future.
 */
export function gradedAt(agoMs: number, joinedAt: Date, now = new Date()): Date {
  return new Date(Math.max(now.getTime() - agoMs, Math.min(joinedAt.getTime(), now.getTime())));
}
