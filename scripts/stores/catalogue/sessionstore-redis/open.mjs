import sessionstore from 'sessionstore';

export default ({ url }) => {
  const store = sessionstore.createSessionStore({ type: 'redis', url });
  return { store, close: () => store.disconnect() };
};
