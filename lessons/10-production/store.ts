import connectMongoDBSession from 'connect-mongodb-session';
import session, { type Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

/** A session larger than this, as JSON, is not stored: in bytes. */
export const SESSION_BUDGET = 4096;

// The package exports a function. Given express-session, it returns the class to make stores of.
const MongoDBStore = connectMongoDBSession(session);

/** A session store in MongoDB, database and address as the connection string says, collection `sessions`. */
export function createStore(config: ShopConfig): Store {
  const store = new MongoDBStore(
    {
      uri: config.mongodbUri,
      collection: 'sessions',
      // TODO: no longer wait for the database than config.databaseTimeoutMs, or 2 seconds
    },
    // Without this callback, a database that is away at the start ends the whole process after 30 seconds.
    (error) => {
      // TODO: a store whose first connection failed stays dead when its database is back
      if (error) console.error(`Sessions have no database: ${error.message}`);
    },
  );

  // Every error of the store passes here, later ones too. Their messages can quote a whole session, which has
  // no business in a log.
  store.on('error', () => console.error('The session store failed. Is its database there?'));

  // With a touch, express-session calls it for each request that had a session and changed nothing in it.
  const sessions = store.client.db().collection<{ _id: string }>('sessions');
  store.touch = (id, { cookie }, callback: (error?: unknown) => void = () => {}) => {
    const { expires } = cookie;
    // A cookie without maxAge has no end that could be moved. Written down as null, it would be no end for ever.
    if (!expires) {
      callback();
      return;
    }
    // The end and nothing else: what another request stored meanwhile stays.
    const end = { expires, 'session.cookie.expires': expires };
    sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), callback);
  };

  // TODO: whoever asks the store gets no error of its own, which quotes the session, but a 503
  // TODO: a session over SESSION_BUDGET is not stored; whoever asks gets a 413

  return store;
}
