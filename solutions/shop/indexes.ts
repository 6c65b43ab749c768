import { type Collection, MongoServerError } from 'mongodb';
import type { Logger } from 'pino';
import type { Order, User } from './documents.ts';
import type { SessionStore } from './store.ts';

/** MongoDB's codes for an index that is there already with other options, or another one of the same name. */
const CONFLICTS: readonly unknown[] = [85, 86];

/** Whether MongoDB has an index that is in the way of one that the shop asks for. */
export function isIndexConflict(error: unknown): boolean {
  return error instanceof MongoServerError && CONFLICTS.includes(error.code);
}

/** What the shop keeps in MongoDB. */
export interface Collections {
  readonly store: SessionStore;
  readonly users: Collection<User>;
  readonly orders: Collection<Order>;
}

/**
 * Asks for the shop's indexes. An index that only makes it quicker, or clears up, may be another one: the shop says so and serves.
 * @throws {MongoServerError} when the one that keeps email addresses unique cannot be had: without it the shop must not serve
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
