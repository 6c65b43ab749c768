import { once } from 'node:events';
import type { Server } from 'node:http';

/** Closes a server with all of its connections, also those that wait for an answer. Resolves when its port is free. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
