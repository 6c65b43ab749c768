import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShopConfig } from '#shop/config.ts';
import { openShop } from './app.ts';

/** How long a connection is kept for a next request. Longer than proxies keep it: theirs would arrive as we hang up. */
const KEEP_ALIVE = 65_000;

/** A shop that listens. */
export interface Server {
  readonly url: string;
  /** Takes no new requests, finishes those in flight, and only then lets go of the database. */
  close(): Promise<void>;
}

/** Opens the shop for visitors. @throws with the code EADDRINUSE when the port is taken */
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
 * Resolves when whoever runs this process wants it to end: Ctrl+C, a process manager's SIGTERM, or, because Windows has
 * no SIGTERM that could be heard, the message 'shutdown' from the process that started this one, or that one's end.
 */
export function untilAskedToStop(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal));
    process.on('message', (message) => message === 'shutdown' && resolve('shutdown'));
    process.once('disconnect', () => resolve('disconnect'));
  });
}
