import { setTimeout as delay } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import type { Logger } from 'pino';
import type { ShopConfig } from '#shop/config.ts';
import type { Order, User } from './documents.ts';
import { withoutItsWords } from './log.ts';
import { SessionStore } from './store.ts';

/** How long after a first connection that failed the next one is tried, in milliseconds. */
const PAUSE = 1000;

/** All that the shop keeps: sessions, users and orders, on one connection pool. */
export interface Database {
  readonly store: SessionStore;
  readonly users: Collection<User>;
  readonly orders: Collection<Order>;
  /** Resolves once it is connected and has its indexes. @throws when the database does not answer */
  prepare(): Promise<void>;
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Begins to connect, and returns at once: a shop whose database is away says so, page by page. */
export function openDatabase(config: ShopConfig, log: Logger): Database {
  const store = new SessionStore(config);
  const { client, sessions } = store;
  const users = client.db().collection<User>('users');
  const orders = client.db().collection<Order>('orders');
  const closing = new AbortController();

  const makeReady = async () => {
    // The driver recovers lost connections by itself, but not a first one that failed: that takes another connect().
    await client.connect();
    await Promise.all([
      sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 }),
      sessions.createIndex({ 'session.userId': 1 }),
      users.createIndex({ email: 1 }, { unique: true }),
      orders.createIndex({ userId: 1, placedAt: -1 }),
    ]);
  };
  let ready: Promise<void> | undefined;
  const prepare = () => {
    ready ??= makeReady().catch((error) => {
      ready = undefined;
      throw error;
    });
    return ready;
  };

  const keepTrying = async () => {
    while (!closing.signal.aborted) {
      try {
        return await prepare();
      } catch (error) {
        if (closing.signal.aborted) return;
        log.warn({ error: withoutItsWords(error) }, 'the database is not ready, and is tried again');
        await delay(PAUSE, undefined, { ref: false, signal: closing.signal }).catch(() => {});
      }
    }
  };

  void keepTrying();

  return {
    store,
    users,
    orders,
    prepare,
    ping: async () => {
      await prepare();
      await client.db().command({ ping: 1 });
    },
    close: async () => {
      closing.abort();
      await client.close();
    },
  };
}
