import connectMemcached from 'connect-memcached';

export default ({ session, url }) => {
  const MemcachedStore = connectMemcached(session);
  const store = new MemcachedStore({ hosts: [new URL(url).host] });
  return { store, close: () => store.client.end() };
};
