import { MongoServerError } from 'mongodb';

/** The code of MongoDB's error for a second document with the same key of a unique index. */
const DUPLICATE_KEY = 11000;

/** Whether MongoDB refused to store something because there is one with this key already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}
