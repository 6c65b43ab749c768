import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Database } from './database.ts';

/** How long a request may take to come in, in milliseconds: what is larger or slower than any of ours is cut off. */
const REQUEST_LIMIT = 15_000;

/** A class that listens. */
export interface Served {
  readonly port: number;
  /** Takes no new requests, finishes those in flight, and only then lets go of the database. */
  close(): Promise<void>;
}

/**
 * Opens a class for its room: on all addresses of this machine, because learners come from others.
 * @throws with the code EADDRINUSE when the port is taken
 */
export async function serveClass(app: Express, database: Database, port: number): Promise<Served> {
  const server = createServer({ requestTimeout: REQUEST_LIMIT, headersTimeout: REQUEST_LIMIT }, app);
  server.listen(port);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => shutDown(server, database),
  };
}

/** How long requests in flight may take once the class closes, in milliseconds. */
const CLOSING_LIMIT_MS = 10_000;

async function shutDown(server: Server, database: Database): Promise<void> {
  const closed = once(server.close(), 'close');
  // close() ends the connections that are idle now. A connection that becomes idle later has to be looked for.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const limit = setTimeout(() => server.closeAllConnections(), CLOSING_LIMIT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
  await database.close();
}
