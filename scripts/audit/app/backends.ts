import { startMongo } from '../../mongo/index.ts';
import { startTap, type Tap } from '../../mongo/tap.ts';
import type { Mongo } from '../../mongo/types.ts';
import { startRedis } from '../../redis/index.ts';
import { type RedisProxy, startRedisProxy } from '../../redis/redis-proxy.ts';

/** The databases that an audit gives to an app, each behind a proxy that plays faults. */
export interface Backends {
  readonly mongo: Mongo;
  readonly tap: Tap;
  /** Undefined when the app has no Redis client, or this machine no Redis server. */
  readonly redis: RedisProxy | undefined;
  /** The Redis itself, without the proxy. */
  readonly redisUrl: string | undefined;
  stop(): Promise<void>;
}

/** @param wantsRedis whether the app has a client for it. The Redis of REDIS_URL is never used, only one that the audit starts. */
export async function startBackends(wantsRedis: boolean): Promise<Backends> {
  const mongo = await startMongo();
  const tap = await startTap(mongo.uri, { oldDrivers: true });
  const server = wantsRedis ? await startRedis({ url: '' }) : undefined;
  const redis = server && (await startRedisProxy(server.url));
  return {
    mongo,
    tap,
    redis,
    redisUrl: server?.url,
    stop: async () => {
      await redis?.stop();
      await server?.stop();
      await tap.stop();
      await mongo.stop();
    },
  };
}
