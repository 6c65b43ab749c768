import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Database } from './database.ts';

/** How long requests may take to end once the shop closes, in milliseconds. */
const LIMIT = 10_000;
/** How often connections are looked through for those that have become idle, in milliseconds. */
const PAUSE = 50;

/** Takes no new requests, finishes those in flight, and only then lets go of the database. */
export async function shutDown(
  server: Server,
  database: Pick<Database, 'close'>,
  log: { warn(words: string): void },
): Promise<void> {
  const closed = once(server.close(), 'close');
  // close() ends the connections that have no request now. Those that finish one later would be kept for a next one.
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
