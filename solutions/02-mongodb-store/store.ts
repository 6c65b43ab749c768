import connectMongoDBSession from 'connect-mongodb-session';
import session, { type Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

// The package exports a function. Given express-session, it returns the class to make stores of.
const MongoDBStore = connectMongoDBSession(session);

/** A session store in MongoDB, database and address as the connection string says, collection `sessions`. */
export function createStore(config: ShopConfig): Store {
  const store = new MongoDBStore(
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
