import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import session, { type Store } from 'express-session';
import type { Opening } from './protocol.ts';

type Visit = session.Session & { user?: string; count?: number };

/** The waiting requests for /slow. */
const waiting: (() => void)[] = [];

/** Starts a small app with a login. @returns its server, and the port on 127.0.0.1 */
export async function startApp(
  store: Store,
  { rolling = false, maxAge }: Opening,
): Promise<{ server: Server; port: number }> {
  const app = express();
  const cookie = maxAge === undefined ? {} : { maxAge };
  app.use(session({ store, secret: 'of the kit', resave: false, saveUninitialized: false, rolling, cookie }));
  app.get('/login', ({ session }, res) => {
    if (!session) throw new Error('there is no req.session');
    (session as Visit).user = 'ann';
    res.send('welcome');
  });
  app.get('/me', ({ session }, res) => {
    res.send(session ? ((session as Visit).user ?? 'nobody') : 'no session at all');
  });
  app.get('/count', ({ session }, res) => {
    const visit = session as Visit;
    visit.count = (visit.count ?? 0) + 1;
    res.send(String(visit.count));
  });
  app.get('/logout', ({ session }, res, next) => {
    session.destroy((error) => (error ? next(error) : res.send('bye')));
  });
  app.get('/slow', async ({ session, query }, res) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (query.change) (session as Visit).count = 1;
    res.send((session as Visit).user ?? 'nobody');
  });
  const failed: ErrorRequestHandler = (error, _req, res, next) => {
    if (res.headersSent) next(error);
    else res.status(500).send(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  };
  app.use(failed);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Answers the requests that wait in /slow. @returns their number */
export function answerSlow(): number {
  return waiting.splice(0).map((goOn) => goOn()).length;
}

export const slowWaiting = () => waiting.length;
