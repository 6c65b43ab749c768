import { Refusal } from '../refusal.ts';
import type { SentReport } from '../report.ts';
import type { ClassDocument, Learner, Records } from './records.ts';
import { afterReport, gradedAt } from './standing.ts';

/** The number of report IDs stored for each learner. A repeated report is one of the last few. */
const KEPT_IDS = 100;

/**
 * Counts a learner's report once, however often it arrives.
 * @throws {Refusal} when it was graded after the class had ended
 */
export async function takeReport(
  { learners }: Records,
  { endedAt }: ClassDocument,
  { _id, joinedAt }: Pick<Learner, '_id' | 'joinedAt'>,
  { agoMs, ...report }: SentReport,
): Promise<void> {
  const at = gradedAt(agoMs, joinedAt);
  if (endedAt && at > endedAt)
    throw new Refusal(410, 'ended', 'This class has ended. It takes no more verdicts.');
  const field = `standings.${report.lesson}`;
  for (;;) {
    const learner = await learners.findOne({ _id });
    if (!learner || learner.reportIds.includes(report.id)) return;
    const before = learner.standings[report.lesson];
    // One document, so one write: the report is counted whole or not at all. The filter no longer matches when another report was
    // counted since the read; then the loop reads again.
    const { matchedCount } = await learners.updateOne(
      { _id, reportIds: { $ne: report.id }, [`${field}.reports`]: before?.reports ?? { $exists: false } },
      {
        $set: { [field]: afterReport(before, report, at) },
        $push: { reportIds: { $each: [report.id], $slice: -KEPT_IDS } },
      },
    );
    if (matchedCount > 0) return;
  }
}
