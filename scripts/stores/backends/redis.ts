import { createClient } from 'redis';
import { howToGetOne } from '../../redis/index.ts';
import { startServer } from '../../redis/server.ts';
import { findProgram } from './server-program.ts';
import type { Backend, Missing } from './types.ts';

export async function startRedisBackend(
  program: 'redis-server' | 'valkey-server',
): Promise<Backend | Missing> {
  const path = findProgram(program);
  if (!path) return { missing: `there is no ${program} on the PATH`, how: howToGetOne() };
  const first = await startServer(path);
  await first.stop();
  return {
    words: first.words,
    // A server each: they start in a blink, and one has only 16 databases.
    place: async () => {
      const server = await startServer(path);
      return {
        url: server.url,
        isServer: true,
        ends: true,
        dump: () => dump(server.url),
        schema: async () => [],
        remove: () => server.stop(),
      };
    },
    stop: async () => {},
  };
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
