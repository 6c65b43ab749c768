import connectMongoDBSession from 'connect-mongodb-session';
import session, { type SessionData } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

/** A session larger than this, as JSON, is not stored: in bytes. */
export const SESSION_BUDGET = 4096;

// The package exports a function. Given express-session, it returns the class to make stores of.
const MongoDBStore = connectMongoDBSession(session);

/** connect-mongodb-session, and what a shop needs beyond it. */
export class SessionStore extends MongoDBStore {
  /** Set by close(): nothing connects this store again then. */
  isClosed = false;

  // TODO: get, set, destroy and touch call back with errors that quote the session. Call back with a 503 in their place
  // TODO: a session over SESSION_BUDGET is not stored; set calls back with a 413

  /** Moves the end of a session. express-session calls it when a request has a session and has changed nothing in it. */
  override touch(id: string, { cookie }: SessionData, callback: (error?: unknown) => void = () => {}): void {
    const { expires } = cookie;
    // A cookie without maxAge has no end that could be moved. MongoDB would store null, which is an end that never comes.
    if (!expires) {
      callback();
      return;
    }
    // Only the end is written: what another request stored meanwhile stays.
    const end = { expires, 'session.cookie.expires': expires };
    const sessions = this.client.db().collection<{ _id: string }>('sessions');
    sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), callback);
  }

  // TODO: connect a store whose first connection failed, as soon as its database is there

  /** Closes the connections to the database, for good: no request finds its session after that. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.client.close();
  }
}

/** A session store in MongoDB, database and address as the connection string says, collection `sessions`. */
export function createStore(config: ShopConfig): SessionStore {
  const store = new SessionStore(
    {
      uri: config.mongodbUri,
      collection: 'sessions',
      // TODO: wait for the database as long as config.databaseTimeoutMs says, or 2 seconds, and no longer
    },
    // Without this callback, a database that is away at the start ends the whole process after 30 seconds.
    (error) => {
      // TODO: a store whose first connection failed stays dead when its database is back
      if (error) console.error(`The session store says: ${error.message}`);
    },
  );

  // Every error of the store passes here, later ones too. Their messages can quote a whole session, which has
  // no business in a log.
  store.on('error', () => console.error('The session store failed.'));

  return store;
}
