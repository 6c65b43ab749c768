import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Database } from './database.ts';

/** The limit for receiving a request, in milliseconds. */
const REQUEST_LIMIT_MS = 15_000;

/** A class that listens. */
export interface Served {
  readonly port: number;
  /** Takes no new requests, finishes those in flight, and then closes the database connection. */
  close(): Promise<void>;
}

/**
 * Listens on all addresses of this machine, because learners connect from other machines.
 * @throws with the code EADDRINUSE when the port is taken
 */
export async function serveClass(app: Express, database: Database, port: number): Promise<Served> {
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS, headersTimeout: REQUEST_LIMIT_MS }, app);
  server.listen(port);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => shutDown(server, database),
  };
}

/** The limit for requests in flight while the class closes, in milliseconds. */
const CLOSING_LIMIT_MS = 10_000;

async function shutDown(server: Server, database: Database): Promise<void> {
  const closed = once(server.close(), 'close');
  // server.close() ends the connections that are idle now. Those that become idle later are closed here.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const limit = setTimeout(() => server.closeAllConnections(), CLOSING_LIMIT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
  await database.close();
}
