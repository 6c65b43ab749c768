import { type Collection, type Db, MongoServerError } from 'mongodb';
import type { Report } from '../report.ts';
import { afterReport, type Standing } from './standing.ts';

/** A class, as stored in MongoDB. Several may share a database: each finds its own data by the code. */
export interface ClassDocument {
  /** The join code. */
  readonly _id: string;
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

/** A learner of a class. */
export interface Learner {
  readonly _id: string;
  readonly classCode: string;
  readonly nickname: string;
  /** The nickname in small letters: unique in a class. */
  readonly key: string;
  /** Only the learner has the token itself. A reader of the database cannot report in their name. */
  readonly tokenHash: string;
  readonly joinedAt: Date;
  /** The standing by lesson number. Single reports are not stored, so the document does not grow with them. */
  readonly standings: Readonly<Record<string, Standing>>;
  /** The IDs of the last reports, so that a repeated report is not counted again. */
  readonly reportIds: readonly string[];
}

/** The data of a class in MongoDB, without the instructor's session. */
export interface Records {
  readonly classes: Collection<ClassDocument>;
  readonly learners: Collection<Learner>;
}

export function recordsIn(db: Db): Records {
  return {
    classes: db.collection('classes'),
    learners: db.collection('learners'),
  };
}

/** Makes the unique index on a class's nicknames. @throws when the database does not answer */
export async function prepare({ learners }: Records): Promise<void> {
  await learners.createIndex({ classCode: 1, key: 1 }, { unique: true });
  await countStoredReports(learners);
}

/** A class of version 0.1 stored each report. This counts the reports and deletes them. */
async function countStoredReports(learners: Records['learners']): Promise<void> {
  type Old = Learner & { readonly reports: readonly (Report & { readonly at: Date })[] };
  for (const { _id, reports } of (await learners.find({ reports: { $exists: true } }).toArray()) as Old[]) {
    const standings: Record<string, Standing> = {};
    for (const report of [...reports].sort((a, b) => a.seq - b.seq))
      standings[report.lesson] = afterReport(standings[report.lesson], report, report.at);
    const reportIds = reports.map(({ id }) => id);
    await learners.updateOne({ _id }, { $set: { standings, reportIds }, $unset: { reports: '' } });
  }
}

/** Whether MongoDB refused a document because another one has its key. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}
