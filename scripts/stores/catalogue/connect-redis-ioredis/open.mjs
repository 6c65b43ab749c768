import RedisStore from 'connect-redis';
import { Redis } from 'ioredis';

export default ({ url }) => {
  const client = new Redis(url);
  client.on('error', () => {});
  return { store: new RedisStore({ client }), close: () => client.quit() };
};
