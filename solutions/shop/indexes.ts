import { type Collection, MongoServerError } from 'mongodb';
import type { Logger } from 'pino';
import type { Order, User } from './documents.ts';
import type { SessionStore } from './store.ts';

/** MongoDB's codes for an existing index with other options, and for another index with the same name. */
const CONFLICTS: readonly unknown[] = [85, 86];

/** Whether an existing index conflicts with one of the shop's. */
export function isIndexConflict(error: unknown): boolean {
  return error instanceof MongoServerError && CONFLICTS.includes(error.code);
}

/** The shop's collections in MongoDB. */
export interface Collections {
  readonly store: SessionStore;
  readonly users: Collection<User>;
  readonly orders: Collection<Order>;
}

/**
 * Creates the shop's indexes. A conflict with one that only speeds up or cleans up is logged, and the shop serves.
 * @throws {MongoServerError} without the index that keeps email addresses unique: then the shop must not serve
 */
export async function makeIndexes({ store, users, orders }: Collections, log: Logger): Promise<void> {
  const { sessions } = store;
  const helpful = (on: string, made: Promise<string>) =>
    made.catch((error) => {
      if (!isIndexConflict(error)) throw error;
      log.error(
        { on, code: error.code },
        'an index with other options is there: drop it, and the shop makes its own',
      );
    });
  await Promise.all([
    helpful('sessions.expires', sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 })),
    helpful('sessions.session.userId', sessions.createIndex({ 'session.userId': 1 })),
    helpful('orders.userId', orders.createIndex({ userId: 1, placedAt: -1 })),
    users.createIndex({ email: 1 }, { unique: true }),
  ]);
}
