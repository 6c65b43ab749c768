import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';

export default ({ url }) => {
  const client = createClient({ url });
  client.on('error', () => {});
  client.connect().catch(() => {});
  return { store: new RedisStore({ client }), close: () => client.close() };
};
