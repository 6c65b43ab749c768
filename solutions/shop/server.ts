import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShopConfig } from '#shop/config.ts';
import { openShop } from './app.ts';

/** How long an idle connection is kept, in milliseconds. Longer than proxies keep it: a proxy could send a request just as we close. */
const KEEP_ALIVE = 65_000;

/** A shop that listens. */
export interface Server {
  readonly url: string;
  /** Takes no new requests, finishes those in flight, and then closes the database connection. */
  close(): Promise<void>;
}

/** Begins to serve. @throws with the code EADDRINUSE when the port is taken */
export async function serve(config: ShopConfig, host: string, port: number): Promise<Server> {
  const { app, database, close } = await openShop(config);
  const server = createServer(app);
  server.keepAliveTimeout = KEEP_ALIVE;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    await database.close();
    throw error;
  }

  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    close: () => close(server),
  };
}

/**
 * Resolves when this process should end: at Ctrl+C, at a process manager's SIGTERM, or, because Windows has
 * no SIGTERM, at the message 'shutdown' from the parent process, or when the parent ends.
 */
export function untilAskedToStop(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal));
    process.on('message', (message) => message === 'shutdown' && resolve('shutdown'));
    process.once('disconnect', () => resolve('disconnect'));
  });
}
