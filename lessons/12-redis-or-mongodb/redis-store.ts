import type { ShopConfig } from '#shop/config.ts';
import type { SessionStore } from './guarded.ts';

/** A session store in Redis, at the address that config.redisUrl says: a session is one key, `sess:<id>`. */
export function createRedisStore(config: ShopConfig): SessionStore {
  // TODO: a client for config.redisUrl that lives through an outage and keeps nothing back for later, and a RedisStore
  // on it that can be closed
  throw new Error(`There is no store in Redis yet, at ${config.redisUrl}.`);
}
