import type { Server } from 'node:http';
import express, { type Express } from 'express';
import type { Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';
import { accountRoutes } from './account-routes.ts';
import { cartRoutes } from './cart-routes.ts';
import { checkoutRoutes } from './checkout-routes.ts';
import { demandToken, refuseOtherSites } from './csrf.ts';
import { type Database, openDatabase } from './database.ts';
import { deviceRoutes } from './device-routes.ts';
import { Devices } from './devices.ts';
import { securityHeaders } from './headers.ts';
import { health } from './health.ts';
import { logRequests, openLog } from './log.ts';
import { Orders } from './orders.ts';
import { files, setUpPages, visitor } from './pages.ts';
import { errorPage, notFoundPage } from './problem-pages.ts';
import { sessionNamer } from './session-name.ts';
import { sessions } from './sessions.ts';
import { shutDown } from './shutdown.ts';
import { Users } from './users.ts';
import './types.ts';

/**
 * The shop with its database. It does not listen: server.ts does, and closes both.
 * @param elsewhere the session store instead of MongoDB, to compare stores (npm run bench)
 */
export async function openShop(
  config: ShopConfig,
  elsewhere?: Store,
): Promise<{ app: Express; database: Database; close: (server: Server) => Promise<void> }> {
  const app = express();
  const log = openLog();
  const database = openDatabase(config, log);
  const nameOf = sessionNamer(config.sessionSecret);
  const [users, orders, devices] = [new Users(database), new Orders(database), new Devices(database, nameOf)];

  // One proxy of ours: only its headers decide the visitor's address and protocol.
  if (config.behindProxy) app.set('trust proxy', 1);
  setUpPages(app);

  // Requests pass these from top to bottom. What needs no session comes before it and costs no store access.
  app.use(logRequests(log, nameOf));
  app.use(securityHeaders(config));
  app.use(files);
  app.use(health(database));
  app.use(visitor(nameOf));
  app.use(refuseOtherSites);
  app.use(express.urlencoded({ limit: '10kb' }));
  app.use(sessions(config, elsewhere ?? database.store));
  app.use(demandToken);

  app.use(cartRoutes());
  app.use(checkoutRoutes(orders));
  app.use(accountRoutes(config, users));
  app.use(deviceRoutes(devices));

  app.use(notFoundPage);
  app.use(errorPage);

  // The shop also opens while the database is away: pages that need it say so, and the shop tries again.
  await database.prepare().catch(() => {});
  return { app, database, close: (server) => shutDown(server, database, log) };
}

/** The shop in the form in which the workshop opens lessons: see scripts/grader/shop-process/shop-host.ts. */
export async function createApp(config: ShopConfig) {
  const { app, close } = await openShop(config);
  return Object.assign(app, { shutDown: close });
}
