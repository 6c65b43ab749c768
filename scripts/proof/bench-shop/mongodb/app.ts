import type { Express } from 'express';
import type { ShopConfig } from '#shop/config.ts';
import { openShop } from '../../../../solutions/shop/app.ts';

/** The finished shop as it is. */
export async function createApp(config: ShopConfig): Promise<Express> {
  const { app } = await openShop(config);
  // As Express does by itself in production. Otherwise compiling a template at each request would take most of the time.
  app.enable('view cache');
  return app;
}
