import session, { type Store } from 'express-session';
import type { MongoClient } from 'mongodb';

export type StoreName = 'MemoryStore' | 'connect-mongodb-session' | 'connect-mongo' | 'connect-redis';

/** A connected store. */
export interface OpenStore {
  readonly store: Store;
  /** Ends its connections. */
  close(): Promise<unknown>;
}

/** Creates each store as its README does, with default options. Imported when needed: each process uses one. */
const OPEN: Record<StoreName, (url: string, collection: string) => Promise<OpenStore>> = {
  MemoryStore: async () => ({ store: new session.MemoryStore(), close: async () => {} }),

  'connect-mongodb-session': async (uri, collection) => {
    const { default: connectMongoDBSession } = await import('connect-mongodb-session');
    const MongoDBStore = connectMongoDBSession(session);
    return new Promise((resolve, reject) => {
      const store = new MongoDBStore({ uri, collection }, (error) => {
        if (error) reject(error);
        // Its types omit the client.
        else
          resolve({ store, close: () => (store as typeof store & { client: MongoClient }).client.close() });
      });
    });
  },

  'connect-mongo': async (mongoUrl, collectionName) => {
    const { default: MongoStore } = await import('connect-mongo');
    const store = MongoStore.create({ mongoUrl, collectionName });
    await store.collectionP;
    return { store, close: () => store.close() };
  },

  'connect-redis': async (url) => {
    const [{ RedisStore }, { createClient }] = await Promise.all([import('connect-redis'), import('redis')]);
    const client = createClient({ url });
    // A request that needs the connection fails by itself.
    client.on('error', () => {});
    await client.connect();
    return { store: new RedisStore({ client }), close: () => client.close() };
  },
};

/** @param collection where a store in MongoDB keeps its sessions */
export const openStore = (name: StoreName, url: string, collection = 'sessions'): Promise<OpenStore> =>
  OPEN[name](url, collection);
