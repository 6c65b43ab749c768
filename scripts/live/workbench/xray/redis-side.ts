import type { SeenCommand, StoredSession } from './exchange.ts';
import { parsed } from './parsed.ts';

const WRITES = new Set([
  'SET',
  'SETEX',
  'DEL',
  'UNLINK',
  'EXPIRE',
  'PEXPIRE',
  'GETEX',
  'HSET',
  'EXPIREAT',
  'PEXPIREAT',
]);
/** A Redis that does not answer is not waited for any longer than this, in milliseconds. */
const READ_WITHIN = 1500;

/** What the X-ray says of a Redis command, and which sessions it is about: the last part of a key is the session ID. */
export function seenRedisCommand(
  words: readonly string[],
  ms: number | undefined,
  reply: string,
): { command: Omit<SeenCommand, 'late'>; ids: string[] } {
  const [name = '', key = ''] = words;
  const upper = name.toUpperCase();
  return {
    command: {
      name: `${upper} ${key}`,
      detail: words.slice(2).join(' ').slice(0, 600),
      writes: WRITES.has(upper),
      ms,
      result: inWords(reply),
    },
    ids: key.includes(':') ? [key.slice(key.lastIndexOf(':') + 1)] : [],
  };
}

/** The first line of an answer in the X-ray's words. */
function inWords(reply: string): string {
  if (reply.startsWith('$') || reply === '_') return /^(?:\$-1|_)$/.test(reply) ? 'found 0' : 'found 1';
  if (reply.startsWith(':')) return `matched ${reply.slice(1)}`;
  return reply.startsWith('-') ? reply.slice(1) : 'done';
}

/** Reads sessions beside the shop: on a connection of its own, which passes no fault. */
export class RedisSide {
  readonly #client: RedisReader;
  #prefix = 'sess:';

  constructor(client: RedisReader) {
    this.#client = client;
  }

  static async open(url: string): Promise<RedisSide> {
    // Imported when needed: the client takes a quarter of a second.
    const { createClient } = await import('redis');
    const client = createClient({ url, socket: { connectTimeout: READ_WITHIN } });
    client.on('error', () => {});
    await client.connect();
    return new RedisSide(client as unknown as RedisReader);
  }

  /** From now on sessions are looked for under the prefix that the shop has. */
  learn([, key = '']: readonly string[]): void {
    if (/^[\w:-]*:[\w-]{20,}$/.test(key)) this.#prefix = key.slice(0, key.lastIndexOf(':') + 1);
  }

  async read(id: string): Promise<StoredSession | undefined> {
    const key = this.#prefix + id;
    const [json, left] = await Promise.all([this.#client.get(key), this.#client.pTTL(key)]).catch(
      () => [null, -2] as const,
    );
    if (json === null) return undefined;
    const ends = left > 0 ? Date.now() + left : undefined;
    return { id, where: `Redis, ${key.slice(0, this.#prefix.length)}…`, document: parsed(json), ends };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** What of a Redis client is used here. */
interface RedisReader {
  get(key: string): Promise<string | null>;
  pTTL(key: string): Promise<number>;
  close(): Promise<unknown>;
}
