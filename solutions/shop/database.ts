import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ShopConfig } from '#shop/config.ts';
import type { Order, User } from './documents.ts';
import { type Collections, isIndexConflict, makeIndexes } from './indexes.ts';
import { withoutItsWords } from './log.ts';
import { SessionStore } from './store.ts';

/** The pause before the next try after a failed first connection, in milliseconds. */
const PAUSE = 1000;

/** Logged once: nothing changes until somebody drops that index. */
const CONFLICT =
  'an index on users.email that is not unique is in the way of the shop, which waits until it is dropped';

/** All data of the shop: sessions, users and orders, on one connection pool. */
export interface Database extends Collections {
  /** Resolves when it is connected and has its indexes. @throws when the database does not answer, or refuses */
  prepare(): Promise<void>;
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Begins to connect and returns at once: while the database is away, each page that needs it says so. */
export function openDatabase(config: ShopConfig, log: Logger): Database {
  const store = new SessionStore(config);
  const { client } = store;
  const users = client.db().collection<User>('users');
  const orders = client.db().collection<Order>('orders');
  const closing = new AbortController();

  const makeReady = async () => {
    // The driver repairs lost connections itself, but not a first one that failed: that needs another connect().
    await client.connect();
    await makeIndexes({ store, users, orders }, log);
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
    let said = '';
    while (!closing.signal.aborted) {
      try {
        return await prepare();
      } catch (error) {
        if (closing.signal.aborted) return;
        const why = isIndexConflict(error) ? CONFLICT : 'the database is not ready, and is tried again';
        if (why !== said || why !== CONFLICT) log.warn({ error: withoutItsWords(error) }, why);
        said = why;
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
