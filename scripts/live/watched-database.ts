import type { ShopConfig } from '#shop/config.ts';
import type { Mongo } from '../mongo/index.ts';
import { isDriversOwn } from '../mongo/recording.ts';
import { startTap, type Tap } from '../mongo/tap.ts';
import { type RedisProxy, startRedisProxy } from '../redis/redis-proxy.ts';
import { idsIn, MongoSide, seenCommand } from './workbench/xray/mongo-side.ts';
import { RedisSide, seenRedisCommand } from './workbench/xray/redis-side.ts';
import type { XRay } from './workbench/xray/xray.ts';

/** How many commands the proxy keeps: it runs for as long as the lesson is open. */
const MOST_COMMANDS = 50;

/** The states that the database of an open lesson can be put into. */
export type Position = 'there' | 'refuses' | 'hangs';

/** The databases of an open lesson, each behind a proxy that reports commands to the X-ray and plays faults. */
export class WatchedDatabase {
  /** The shop's config, with the addresses of the proxies in it. */
  readonly config: ShopConfig;
  /** Why nothing can be watched or switched; undefined when all can. */
  readonly note: string | undefined;
  readonly #mongo: Mongo | undefined;
  readonly #proxies: readonly (Tap | RedisProxy)[];
  readonly #sides: readonly (MongoSide | RedisSide)[];
  position: Position = 'there';
  slowWrites = 0;

  private constructor(
    config: ShopConfig,
    mongo: Mongo | undefined,
    proxies: readonly (Tap | RedisProxy)[],
    sides: readonly (MongoSide | RedisSide)[],
  ) {
    this.config = config;
    this.#mongo = mongo;
    this.#proxies = proxies;
    this.#sides = sides;
    this.note = mongo
      ? undefined
      : 'MONGODB_URI in your .env names a database of yours: the workbench leaves it alone, so its commands are not shown and it has no switches.';
  }

  /** @param mongo the one in memory that config.mongodbUri names; undefined for a database of the learner's own */
  static async open(config: ShopConfig, mongo: Mongo | undefined, xray: XRay): Promise<WatchedDatabase> {
    const proxies: (Tap | RedisProxy)[] = [];
    const sides: (MongoSide | RedisSide)[] = [];
    const watched = { ...config };
    if (mongo) {
      const uri = new URL(config.mongodbUri);
      const { MongoClient } = await import('mongodb');
      const side = new MongoSide(new MongoClient(`mongodb://${uri.host}/`), uri.pathname.slice(1) || 'test');
      const tap = await startTap(`mongodb://${uri.host}/`, {
        most: MOST_COMMANDS,
        onDone: (command) => {
          if (isDriversOwn(command.name)) return;
          side.learn(command);
          xray.command(seenCommand(command), idsIn(command), command.at);
        },
      });
      proxies.push(tap);
      sides.push(side);
      watched.mongodbUri = `${tap.uri}${uri.pathname.slice(1)}${uri.search}`;
    }
    if (config.redisUrl) {
      const side = await RedisSide.open(config.redisUrl);
      const proxy = await startRedisProxy(config.redisUrl, (words, ms, reply) => {
        const { command, ids } = seenRedisCommand(words, ms, reply);
        if (ids.length === 0) return;
        side.learn(words);
        xray.command(command, ids, performance.now() - (ms ?? 0));
      });
      proxies.push(proxy);
      sides.push(side);
      watched.redisUrl = proxy.url;
    }
    return new WatchedDatabase(watched, mongo, proxies, sides);
  }

  /** Reads a session from the database that has it: an ID is in one of them at most. */
  async read(id: string) {
    for (const side of this.#sides) {
      const found = await side.read(id);
      if (found) return found;
    }
    return undefined;
  }

  /** Whether there is a database that can be switched. */
  get canSwitch(): boolean {
    return this.#proxies.length > 0;
  }

  async moveTo(position: Position): Promise<void> {
    this.position = position;
    for (const proxy of this.#proxies) {
      await proxy.behave();
      if (position === 'refuses') await proxy.refuse();
      if (position === 'hangs') proxy.hang();
    }
    this.slowDown(this.slowWrites);
  }

  /** @param ms how long each write to MongoDB waits; 0 for not at all */
  slowDown(ms: number): void {
    this.slowWrites = ms;
    for (const proxy of this.#proxies) if ('slowWrites' in proxy) proxy.slowWrites(ms);
  }

  /**
   * Time passes for the databases: they remove what has expired.
   * @param ms how much
   * @param now the time after it
   * @returns how many documents and keys were removed
   */
  async timePasses(ms: number, now: Date): Promise<number> {
    let removed = (await this.#mongo?.sweep(now)) ?? 0;
    for (const side of this.#sides) if (side instanceof RedisSide) removed += await side.timePasses(ms);
    return removed;
  }

  async close(): Promise<void> {
    await Promise.all([
      ...this.#sides.map((side) => side.close()),
      ...this.#proxies.map((proxy) => proxy.stop()),
    ]);
  }
}
