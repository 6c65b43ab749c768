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
/** How long to wait for a Redis that takes no connection, in milliseconds. */
const CONNECT_WITHIN = 1500;

/** What the X-ray shows of a Redis command, and which sessions it is about: the last part of a key is the session ID. */
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
      result: resultOf(reply),
    },
    ids: key.includes(':') ? [key.slice(key.lastIndexOf(':') + 1)] : [],
  };
}

/** The first line of an answer in the X-ray's words. */
function resultOf(reply: string): string {
  if (reply.startsWith('$') || reply === '_') return /^(?:\$-1|_)$/.test(reply) ? 'found 0' : 'found 1';
  if (reply.startsWith(':')) return `matched ${reply.slice(1)}`;
  return reply.startsWith('-') ? reply.slice(1) : 'done';
}

/** Reads sessions on a connection of its own, without the proxy's faults. */
export class RedisSide {
  readonly #client: RedisReader;
  #prefix = 'sess:';
  /** How far the shop's clock is ahead of that of Redis, in milliseconds. */
  #ahead = 0;

  constructor(client: RedisReader) {
    this.#client = client;
  }

  static async open(url: string): Promise<RedisSide> {
    // Imported when needed: the client takes a quarter of a second.
    const { createClient } = await import('redis');
    const client = createClient({ url, socket: { connectTimeout: CONNECT_WITHIN } });
    client.on('error', () => {});
    await client.connect();
    return new RedisSide(client as unknown as RedisReader);
  }

  /** Searches sessions under the shop's prefix from now on. */
  learn([, key = '']: readonly string[]): void {
    if (/^[\w:-]*:[\w-]{20,}$/.test(key)) this.#prefix = key.slice(0, key.lastIndexOf(':') + 1);
  }

  async read(id: string): Promise<StoredSession | undefined> {
    const key = this.#prefix + id;
    const [json, left] = await Promise.all([this.#client.get(key), this.#client.pTTL(key)]).catch(
      () => [null, -2] as const,
    );
    if (json === null) return undefined;
    const ends = left > 0 ? Date.now() + this.#ahead + left : undefined;
    return { id, where: `Redis, ${key.slice(0, this.#prefix.length)}…`, document: parsed(json), ends };
  }

  /** Shortens the life of each key by that much, because the clock of Redis cannot be set. @returns how many ended */
  async timePasses(ms: number): Promise<number> {
    this.#ahead += ms;
    let ended = 0;
    for (const key of await this.#client.keys(`${this.#prefix}*`)) {
      const left = await this.#client.pTTL(key);
      if (left < 0) continue;
      await this.#client.pExpire(key, left - ms);
      if (left <= ms) ended++;
    }
    return ended;
  }

  async close(): Promise<void> {
    // close() would wait for the answers of a Redis that is silent, or gone.
    if (this.#client.isOpen) this.#client.destroy();
  }
}

/** The part of a Redis client that is used here. */
interface RedisReader {
  get(key: string): Promise<string | null>;
  pTTL(key: string): Promise<number>;
  pExpire(key: string, ms: number): Promise<unknown>;
  keys(pattern: string): Promise<string[]>;
  readonly isOpen: boolean;
  destroy(): void;
}
