import connectMongoDBSession from 'connect-mongodb-session';
import session, { type SessionData, type Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

// The package exports a function. Given express-session, it returns the class to make stores of.
const MongoDBStore = connectMongoDBSession(session);

/** connect-mongodb-session, with the touch that it lacks. */
class SessionStore extends MongoDBStore {
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
}

/** A session store in MongoDB, database and address as the connection string says, collection `sessions`. */
export function createStore(config: ShopConfig): Store {
  const store = new SessionStore(
    {
      uri: config.mongodbUri,
      collection: 'sessions',
    },
    // Without this callback, a database that is away at the start ends the whole process after 30 seconds.
    (error) => {
      if (error) console.error(`The session store says: ${error.message}`);
    },
  );

  // Every error of the store passes here, later ones too. Their messages can quote a whole session, which has
  // no business in a log.
  store.on('error', () => console.error('The session store failed.'));

  return store;
}
