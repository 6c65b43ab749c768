import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';
import type { ShopConfig } from '#shop/config.ts';
import type { SessionStore } from './guarded.ts';

/** connect-redis, with a close() for lesson 11's shutdown. */
class ClosableRedisStore extends RedisStore {
  async close(): Promise<void> {
    await this.client.close();
  }
}

/** A session store in Redis, at the address that config.redisUrl says: a session is one key, `sess:<id>`. */
export function createRedisStore({ redisUrl, databaseTimeoutMs: limit = 2000 }: ShopConfig): SessionStore {
  // Left out, the client would take whatever answers on this machine.
  if (!redisUrl) throw new Error('Sessions are to be kept in Redis, and config has no redisUrl.');
  const client = createClient({
    url: redisUrl,
    socket: { connectTimeout: limit },
    // Without a connection a command fails at once. The default keeps it for later: after the shopper was told no.
    disableOfflineQueue: true,
  });
  // An 'error' event that nobody listens to ends the process.
  client.on('error', () => console.error('The session store failed. Is its Redis there?'));
  // Not waited for: the shop opens without its Redis, too. What fails comes to the listener, and is tried again.
  client.connect().catch(() => {});

  return new ClosableRedisStore({ client, prefix: 'sess:' });
}
