import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { SessionData, Store } from 'express-session';

declare module 'express-session' {
  interface SessionData {
    /** Marks the bench's sessions, to distinguish them from shoppers'. */
    note: string;
  }
}

const HOUR = 60 * 60 * 1000;

/**
 * A page to try a session store on by hand (lesson 2). It calls three of the methods that express-session
 * calls on a store: set, get and destroy. It shows the store's answers, errors included.
 */
export function storeBench(store: Store): Router {
  const bench = Router();

  bench.get('/', (_req, res) => {
    res.render('bench', { id: undefined });
  });

  // set: put a session in
  bench.post('/', (req, res) => {
    const id = randomUUID();
    store.set(id, benchSession(), (err) => {
      if (err) res.status(503).render('bench', { id, problem: err.message });
      else res.redirect(303, `${req.baseUrl}/${id}`);
    });
  });

  // get: read it back
  bench.get('/:id', (req, res) => {
    store.get(req.params.id, (err, found) => {
      res.render('bench', { id: req.params.id, found, problem: err?.message });
    });
  });

  // destroy: what a logout does
  bench.post('/:id/destroy', (req, res) => {
    store.destroy(req.params.id, (err) => {
      if (err) res.status(503).render('bench', { id: req.params.id, problem: err.message });
      else res.redirect(303, `${req.baseUrl}/${req.params.id}`);
    });
  });

  return bench;
}

function benchSession(): SessionData {
  return {
    cookie: { originalMaxAge: HOUR, expires: new Date(Date.now() + HOUR), path: '/', httpOnly: true },
    note: `made on the bench at ${new Date().toISOString()}`,
  };
}
