import type { Express } from 'express';
import session from 'express-session';
import type { ShopConfig } from '#shop/config.ts';
import { openShop } from '../../../../solutions/shop/app.ts';

/** The finished shop with its sessions in the process's memory. Users and orders stay in MongoDB. */
export async function createApp(config: ShopConfig): Promise<Express> {
  const { app } = await openShop(config, new session.MemoryStore());
  app.enable('view cache');
  return app;
}
