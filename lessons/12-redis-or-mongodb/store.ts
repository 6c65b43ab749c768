import type { ShopConfig } from '#shop/config.ts';
import { guarded, type SessionStore } from './guarded.ts';
import { createMongoStore } from './mongo-store.ts';

export type { SessionStore };

/** The store that config asks for. Which one it is, nobody outside this file has to know. */
export function createStore(config: ShopConfig): SessionStore {
  // TODO: config.store says which store to make; left out, it is MongoDB
  return guarded(createMongoStore(config), config.databaseTimeoutMs);
}
