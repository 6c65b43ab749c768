import type { Server } from 'node:http';
import type { SessionStore } from './store.ts';

/**
 * Closes this instance, because whoever runs it wants its process to end: a deploy, fewer machines at night. The others
 * serve on. Nobody ends the process from outside: it ends when nothing is open in it any more.
 */
export async function shutDown(_server: Server, _store: SessionStore): Promise<void> {
  // TODO: no new requests, an answer for each that is here already, and at last nothing that is left open
}
