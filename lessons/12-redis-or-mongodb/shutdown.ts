import { once } from 'node:events';
import type { Server } from 'node:http';
import type { SessionStore } from './store.ts';

/**
 * Closes this instance, because whoever runs it wants its process to end: a deploy, fewer machines at night. The others
 * serve on. Nobody ends the process from outside: it ends when nothing is open in it any more.
 */
export async function shutDown(server: Server, store: SessionStore): Promise<void> {
  // No new connections from here on. 'close' comes when the last request that is here has its answer …
  server.close();
  await once(server, 'close');
  // … and what it changed is stored by then: express-session ends no answer before. Nobody needs the database now.
  await store.close();
}
