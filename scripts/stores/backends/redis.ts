import { createClient } from 'redis';
import { howToGetOne } from '../../redis/index.ts';
import { startServer } from '../../redis/server.ts';
import { findProgram } from './server-program.ts';
import type { Backend, Missing } from './types.ts';

export async function startRedisBackend(
  program: 'redis-server' | 'valkey-server',
): Promise<Backend | Missing> {
  const path = findProgram(program);
  const how = howToGetOne();
  if (!path && program === 'valkey-server')
    how.push('Or           --backend redis: a client of Valkey talks to a redis-server as well');
  if (!path) return { missing: `there is no ${program} on the PATH`, how };
  const first = await startServer(path);
  await first.stop();
  return {
    words: first.words,
    // One server for each place: a Redis starts fast, but has only 16 databases.
    place: async () => {
      const server = await startServer(path);
      return {
        url: server.url,
        isServer: true,
        ends: true,
        dump: () => dump(server.url),
        putOther: (word) => put(server.url, word),
        schema: async () => [],
        remove: () => server.stop(),
      };
    },
    stop: async () => {},
  };
}

async function put(url: string, word: string): Promise<void> {
  const client = await createClient({ url }).connect();
  await client.set('others', word);
  client.destroy();
}

/** Every key with its value, and when it ends, in milliseconds since 1970. */
async function dump(url: string): Promise<string> {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  try {
    const lines: string[] = [];
    for await (const keys of client.scanIterator()) {
      for (const key of keys) {
        const value = await client.get(key).catch(() => 'not a string');
        const left = await client.pTTL(key);
        lines.push(`${key} ${value} ${left < 0 ? 'no end' : `ends ${Date.now() + left}`}`);
      }
    }
    return lines.join('\n');
  } finally {
    client.destroy();
  }
}
