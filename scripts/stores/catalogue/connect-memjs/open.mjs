import connectMemjs from 'connect-memjs';

export default ({ session, url }) => {
  const MemjsStore = connectMemjs(session);
  const store = new MemjsStore({ servers: [new URL(url).host] });
  return { store, close: () => store.client.close() };
};
