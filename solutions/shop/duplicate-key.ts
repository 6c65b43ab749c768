import { MongoServerError } from 'mongodb';

/** MongoDB's error code for a second document with the same key in a unique index. */
const DUPLICATE_KEY = 11000;

/** Whether MongoDB refused to store a document because another one has its key. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}
