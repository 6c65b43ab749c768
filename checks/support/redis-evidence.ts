import { inspect } from 'node:util';
import type { createClient } from 'redis';
import type { RedisProxy } from '../../scripts/redis/redis-proxy.ts';
import { duration } from './session-end.ts';

/** What a client of its own accord says at the start of a connection. */
const GREETINGS = ['HELLO', 'CLIENT', 'AUTH', 'SELECT'];
/** How much of a session is shown, in characters. */
const MOST_SHOWN = 240;

type Client = Pick<ReturnType<typeof createClient>, 'keys' | 'type' | 'get' | 'pTTL'>;

/** What a failing step tells of its Redis: what it was asked, and what it holds. */
export class RedisEvidence {
  readonly #answered = new Map<string, number>();
  readonly #client: Client;
  readonly #line: Pick<RedisProxy, 'connections'>;

  /** @param client reads past the proxy */
  constructor(client: Client, line: Pick<RedisProxy, 'connections'>) {
    this.#client = client;
    this.#line = line;
  }

  /** Redis has answered a command of the shop. */
  hears([word = '']: readonly string[]): void {
    const name = word.toUpperCase();
    if (!GREETINGS.includes(name)) this.#answered.set(name, (this.#answered.get(name) ?? 0) + 1);
  }

  stepBegins(): void {
    this.#answered.clear();
  }

  /** 'holds 2 keys; the shop sent it 3 GET, 1 SET', and one of the keys as it is stored. */
  async describe(): Promise<string> {
    // A borrowed Redis has a key of the workshop's own.
    const keys = (await this.#client.keys('*')).filter((key) => !key.startsWith('session-shop-'));
    const [one] = keys.sort();
    const holds = keys.length === 0 ? 'is empty' : `holds ${keys.length} key${keys.length === 1 ? '' : 's'}`;
    return `${holds}; the shop sent it ${this.#commands()}${one ? `\none of them: ${await this.#shown(one)}` : ''}`;
  }

  #commands(): string {
    if (this.#answered.size === 0)
      return this.#line.connections ? 'no command' : 'nothing: it never connected';
    return [...this.#answered]
      .sort()
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  }

  /** A key and its value in as much as a line holds, without the cookie's settings. */
  async #shown(key: string): Promise<string> {
    const name = key.replace(/([\w-]{8})[\w-]{10,}$/, '$1…');
    const kind = await this.#client.type(key);
    const ms = await this.#client.pTTL(key);
    const end = ms === -1 ? 'nothing ends it' : `ends in ${duration(Math.max(0, ms))}`;
    if (kind !== 'string') return `${name}, a ${kind}; ${end}`;
    const text = (await this.#client.get(key)) ?? '';
    const shown = withoutCookie(text);
    return `${name} = ${shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}; ${end}`;
  }
}

function withoutCookie(text: string): string {
  try {
    const { cookie, ...data } = JSON.parse(text);
    return inspect(data, {
      breakLength: Number.POSITIVE_INFINITY,
      compact: 9,
      depth: 5,
      maxStringLength: 40,
    });
  } catch {
    return text;
  }
}
