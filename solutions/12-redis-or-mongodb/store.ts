import type { ShopConfig } from '#shop/config.ts';
import { guarded, type SessionStore } from './guarded.ts';
import { createMongoStore } from './mongo-store.ts';
import { createRedisStore } from './redis-store.ts';

export type { SessionStore };

/** The store that config asks for. Which one it is, nobody outside this file has to know. */
export function createStore(config: ShopConfig): SessionStore {
  const store = config.store === 'redis' ? createRedisStore(config) : createMongoStore(config);
  return guarded(store, config.databaseTimeoutMs);
}
