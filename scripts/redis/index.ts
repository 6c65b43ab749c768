import { shopEnvironment } from '../shared/environment.ts';
import type { Redis } from './types.ts';

/**
 * Starts a Redis: an empty database on the server that REDIS_URL names, else a server of our own when there is one on the
 * PATH.
 * @param url REDIS_URL, from the environment or `.env` unless given; '' for none
 * @param path the folders to look for a server in
 * @returns undefined when this machine has neither
 * @throws {EngineError} when there is one and it cannot be used
 */
export async function startRedis({
  url = shopEnvironment().REDIS_URL,
  path: folders = process.env.PATH ?? '',
} = {}): Promise<Redis | undefined> {
  // Imported when needed: the client takes a quarter of a second.
  if (url) return (await import('./borrowed.ts')).borrowDatabase(url);
  const { findServer, startServer } = await import('./server.ts');
  const path = await findServer(folders);
  return path === undefined ? undefined : startServer(path);
}

/** How to get a Redis, one line for each system. */
export function howToGetOne(): string[] {
  return [
    'Linux     sudo apt install redis-server, or valkey from your package manager',
    'macOS     brew install redis',
    'Windows   Memurai (memurai.com), or redis-server in WSL with the workshop beside it',
    'Docker    docker run --rm -p 6379:6379 redis, and REDIS_URL=redis://127.0.0.1:6379 in .env',
  ];
}
