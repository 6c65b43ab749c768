// The process of a lab's shop: small, the same for every store, and it does nothing but sessions.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import session, { type Session } from 'express-session';
import { saveThenRedirect } from '#shop/redirect.ts';
import { answer } from './answer.ts';
import { type OpenStore, openStore, type StoreName } from './stores.ts';

/** What the lab's shop keeps of a shopper. */
interface LabSession extends Session {
  /** How many things were put into the cart. */
  things?: number;
  /** What else is in the session, to make it large. */
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
    // Lines of text that no two are alike, so that a database cannot pack them away.
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
