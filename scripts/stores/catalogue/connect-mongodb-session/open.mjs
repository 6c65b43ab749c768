import connectMongoDBSession from 'connect-mongodb-session';

export default ({ session, url }) => {
  const MongoDBStore = connectMongoDBSession(session);
  // With a callback and a listener, as lesson 2 says: without them it ends the process.
  const store = new MongoDBStore({ uri: url, collection: 'sessions' }, () => {});
  store.on('error', () => {});
  return { store, close: () => store.client.close() };
};
