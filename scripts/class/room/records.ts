import { type Collection, type Db, MongoServerError } from 'mongodb';
import type { StoredReport } from './standing.ts';

/** A class, as MongoDB keeps it. Several may be in one database: each knows its own by the code. */
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
  /** The token is the learner's alone. Whoever reads the database cannot report in their name. */
  readonly tokenHash: string;
  readonly joinedAt: Date;
  /** All that they reported, in one document with the learner: a report is one write, which happens once or not at all. */
  readonly reports: readonly StoredReport[];
}

/** All that a class keeps in MongoDB, beside the instructor's session. */
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

/** Makes the index that keeps a nickname from being there twice in a class. @throws when the database does not answer */
export async function prepare({ learners }: Records): Promise<void> {
  await learners.createIndex({ classCode: 1, key: 1 }, { unique: true });
}

/** Whether MongoDB refused a document because another one has its key. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}
