import connectMongoDBSession from 'connect-mongodb-session';

export default ({ session, url }) => {
  const MongoDBStore = connectMongoDBSession(session);
  // With a callback and a listener, as in lesson 2: without them an outage ends the process.
  const store = new MongoDBStore({ uri: url, collection: 'sessions' }, () => {});
  store.on('error', () => {});
  return { store, close: () => store.client.close() };
};
