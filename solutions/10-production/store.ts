import { setTimeout as delay } from 'node:timers/promises';
import connectMongoDBSession from 'connect-mongodb-session';
import session, { type SessionData } from 'express-session';
import type { MongoServerError } from 'mongodb';
import type { ShopConfig } from '#shop/config.ts';
import { httpError } from '#shop/http-error.ts';

/** A session larger than this, as JSON, is not stored: in bytes. */
export const SESSION_BUDGET = 4096;
/** The longest pause between two attempts to connect, in milliseconds. */
const LONGEST_PAUSE_MS = 10_000;
/** MongoDB's codes for an index that is there with other options, or another one of the same name. */
const INDEX_CONFLICTS: readonly unknown[] = [85, 86];

type Callback = (error?: unknown, data?: SessionData | null) => void;

// The package exports a function. Given express-session, it returns the class to make stores of.
const MongoDBStore = connectMongoDBSession(session);

/** connect-mongodb-session, and what a shop needs beyond it. */
export class SessionStore extends MongoDBStore {
  /** Set by close(): nothing connects this store again then. */
  isClosed = false;

  override get(id: string, callback: Callback): void {
    super.get(id, discreet(callback));
  }

  override set(id: string, data: SessionData, callback?: Callback): void {
    const size = Buffer.byteLength(JSON.stringify(data));
    if (size <= SESSION_BUDGET) super.set(id, data, discreet(callback));
    else callback?.(httpError(413, `A session of ${size} bytes is over the budget.`));
  }

  override destroy(id: string, callback?: Callback): void {
    super.destroy(id, discreet(callback));
  }

  /** Moves the end of a session. express-session calls it when a request has a session and has changed nothing in it. */
  override touch(id: string, { cookie }: SessionData, callback: Callback = () => {}): void {
    const { expires } = cookie;
    // A cookie without maxAge has no end that could be moved. MongoDB would store null, which is an end that never comes.
    if (!expires) {
      callback();
      return;
    }
    // Only the end is written: what another request stored meanwhile stays.
    const end = { expires, 'session.cookie.expires': expires };
    const sessions = this.client.db().collection<{ _id: string }>('sessions');
    sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), discreet(callback));
  }

  /** Connects a store whose first connection failed, as soon as its database is there. */
  async connectAgain(): Promise<void> {
    // The pause grows with each attempt, and no process lives on because of it.
    for (let pause = 100; !this.isClosed; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await delay(pause, undefined, { ref: false });
      try {
        // What the constructor does once: it connects, and asks for the TTL index.
        const client = await this.client.connect();
        await client.db().collection('sessions').createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
        return;
      } catch (error) {
        const { code, message } = error as MongoServerError;
        if (INDEX_CONFLICTS.includes(code)) {
          // The database is there and sessions are stored. To ask again changes nothing until that index is dropped.
          console.error(`The session store cannot make its TTL index: ${message}`);
          return;
        }
        console.error(`The session store is not connected yet: ${message}`);
      }
    }
  }

  /** Closes the connections to the database, for good: no request finds its session after that. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.client.close();
  }
}

/** A session store in MongoDB, database and address as the connection string says, collection `sessions`. */
export function createStore(config: ShopConfig): SessionStore {
  const { databaseTimeoutMs: limit = 2000 } = config;
  const store = new SessionStore(
    {
      uri: config.mongodbUri,
      collection: 'sessions',
      // For a database that is down, for a new connection that is not answered, for one that falls silent later.
      connectionOptions: {
        serverSelectionTimeoutMS: limit,
        connectTimeoutMS: limit,
        socketTimeoutMS: limit,
      },
    },
    // Without this callback, a database that is away at the start ends the whole process after 30 seconds.
    (error) => {
      if (!error) return;
      console.error(`The session store says: ${error.message}`);
      // A store whose first connection failed stays dead, until its client connects again.
      void store.connectAgain();
    },
  );

  // Every error of the store passes here, later ones too. Their messages can quote a whole session, which has
  // no business in a log.
  store.on('error', () => console.error('The session store failed.'));

  return store;
}

/** Calls back as the store does, but with an error that quotes nothing: the store's own errors hold the whole session. */
function discreet(callback: Callback = () => {}): Callback {
  return (error, data) => callback(error && httpError(503, 'The session store does not answer.'), data);
}
