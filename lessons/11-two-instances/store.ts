import { setTimeout as delay } from 'node:timers/promises';
import connectMongoDBSession from 'connect-mongodb-session';
import session, { type SessionData } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';
import { httpError } from '#shop/http-error.ts';

/** A session larger than this, as JSON, is not stored: in bytes. */
export const SESSION_BUDGET = 4096;

// The package exports a function. Given express-session, it returns the class to make stores of.
const MongoDBStore = connectMongoDBSession(session);

/** A store that can be closed. */
export type SessionStore = ReturnType<typeof createStore>;

/** A session store in MongoDB, database and address as the connection string says, collection `sessions`. */
export function createStore(config: ShopConfig) {
  const { databaseTimeoutMs: limit = 2000 } = config;
  let isClosed = false;
  const store = new MongoDBStore(
    {
      uri: config.mongodbUri,
      collection: 'sessions',
      // In this order: nothing listens there, something listens and says nothing, it goes silent in mid-talk.
      connectionOptions: {
        serverSelectionTimeoutMS: limit,
        connectTimeoutMS: limit,
        socketTimeoutMS: limit,
      },
    },
    // Without this callback, a database that is away at the start ends the whole process after 30 seconds.
    async (error) => {
      if (!error) return;
      console.error(`Sessions have no database: ${error.message}`);
      // A store whose first connection failed is dead. A client that connects, at last, brings it to life.
      while (!isClosed && !(await isReady())) await delay(limit, undefined, { ref: false });
    },
  );

  // Every error of the store passes here, later ones too. Their messages can quote a whole session, which has
  // no business in a log.
  store.on('error', () => console.error('The session store failed. Is its database there?'));

  // What the constructor does once: connect, and ask for the TTL index.
  const isReady = () =>
    store.client
      .connect()
      .then(() => sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 }))
      .catch(() => false);

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
    sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), discreet(callback));
  };

  const { get, set, destroy } = store;
  store.get = (id, callback) => get.call(store, id, discreet(callback));
  store.destroy = (id, callback) => destroy.call(store, id, discreet(callback));
  store.set = (id, data, callback) => {
    const size = Buffer.byteLength(JSON.stringify(data));
    if (size <= SESSION_BUDGET) set.call(store, id, data, discreet(callback));
    else callback?.(httpError(413, `A session of ${size} bytes is over the budget.`));
  };

  // Whoever closes the client means it: what the constructor still waits for fails then, and nobody connects it again.
  const closeClient = store.client.close.bind(store.client);
  store.client.close = async () => {
    isClosed = true;
    await closeClient();
  };

  /** Lets go of the database, for good: no request finds its session after that. */
  const close = () => store.client.close();
  return Object.assign(store, { close });
}

/** Calls back as the store does, but with an error that quotes nothing: its own ones hold the session, ID and all. */
function discreet(callback: (error?: unknown, data?: SessionData | null) => void = () => {}) {
  return (error?: unknown, data?: SessionData | null) =>
    callback(error && httpError(503, 'The session store does not answer.'), data);
}
