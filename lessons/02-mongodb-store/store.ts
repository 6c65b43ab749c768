import { MemoryStore, type Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

/** A session store in MongoDB, database and address as the connection string says, collection `sessions`. */
export function createStore(_config: ShopConfig): Store {
  // TODO: make a MongoDBStore instead, and say so when its database is away
  return new MemoryStore();
}
