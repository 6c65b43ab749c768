import { Refusal } from '../refusal.ts';
import type { SentReport } from '../report.ts';
import type { ClassDocument, Learner, Records } from './records.ts';
import { gradedAt } from './standing.ts';

/**
 * Stores a learner's report: once, however often it comes.
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
  // Looked for and written in one step: of two that are the same and come together, one finds the other.
  await learners.updateOne(
    { _id, 'reports.id': { $ne: report.id } },
    { $push: { reports: { ...report, at } } },
  );
}
