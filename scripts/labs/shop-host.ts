// The process of a lab's shop: the same small app for every store.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import session, { type Session } from 'express-session';
import { saveThenRedirect } from '#shop/redirect.ts';
import { answer } from './answer.ts';
import { type OpenStore, openStore, type StoreName } from './stores.ts';

/** The session data of the lab's shop. */
interface LabSession extends Session {
  /** The number of products in the cart. */
  things?: number;
  /** Filler that makes the session large. */
  ballast?: string[];
}

const HOUR = 60 * 60 * 1000;
const sessionOf = (req: Request) => req.session as LabSession;

function labShop({ store }: OpenStore, secret: string) {
  const app = express();
  app.disable('x-powered-by');
  app.use(session({ secret, resave: false, saveUninitialized: false, store, cookie: { maxAge: HOUR } }));

  // Reads the session and changes nothing in it.
  app.get('/cart', (req, res) => {
    res.send(String(sessionOf(req).things ?? 0));
  });
  // Reads it, and changes it.
  const addOne = (req: Request) => {
    sessionOf(req).things = (sessionOf(req).things ?? 0) + 1;
  };
  app.post('/cart', (req, res) => {
    addOne(req);
    res.send('added');
  });
  app.post('/cart/redirect', (req, res) => {
    addOne(req);
    res.redirect(303, '/cart');
  });
  app.post('/cart/save-then-redirect', (req, res, next) => {
    addOne(req);
    saveThenRedirect(req, res, next, '/cart');
  });
  app.post('/ballast/:bytes', (req, res) => {
    // Lines that all differ, so that compression does not shrink them.
    const lines = Math.ceil(Number(req.params.bytes) / 100);
    sessionOf(req).ballast = Array.from({ length: lines }, () => randomBytes(50).toString('hex'));
    res.send('filled');
  });
  return app;
}

let open: { readonly server: Server; readonly store: OpenStore } | undefined;

const handlers = {
  open: async ({ store: name, url, secret }: { store: StoreName; url: string; secret: string }) => {
    const store = await openStore(name, url);
    const server = labShop(store, secret).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    open = { server, store };
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  /** Closes as a deploy does: requests in flight are finished first. */
  close: async () => {
    open?.server.closeIdleConnections();
    await new Promise((resolve) => open?.server.close(resolve));
    await open?.store.close();
  },
};

export type ShopHost = typeof handlers;

answer(handlers);
