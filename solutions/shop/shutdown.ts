import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Database } from './database.ts';

/** The limit for requests in flight while the shop closes, in milliseconds. */
const LIMIT = 10_000;
/** How often idle connections are closed meanwhile, in milliseconds. */
const PAUSE = 50;

/** Takes no new requests, finishes those in flight, and then closes the database connection. */
export async function shutDown(
  server: Server,
  database: Pick<Database, 'close'>,
  log: { warn(words: string): void },
): Promise<void> {
  const closed = once(server.close(), 'close');
  // close() ends the connections that are idle now. Those that become idle later are closed here.
  const sweep = setInterval(() => server.closeIdleConnections(), PAUSE);
  const limit = setTimeout(() => {
    log.warn('closing took too long: connections were cut');
    server.closeAllConnections();
  }, LIMIT);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
  await database.close();
}
