import { createClient } from 'redis';
import { StepSkipped } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { ShopConfig } from '#shop/config.ts';
import type { Tap } from '../../scripts/mongo/tap.ts';
import { howToGetOne, startRedis } from '../../scripts/redis/index.ts';
import { startRedisProxy } from '../../scripts/redis/redis-proxy.ts';
import { RedisEvidence } from './redis-evidence.ts';

/** Where a shop keeps its sessions, read without the shop: lesson 12 plays the same steps on both. */
export interface SessionHome {
  readonly name: 'MongoDB' | 'Redis';
  /** The config for a shop that keeps its sessions there. */
  readonly config: Partial<ShopConfig>;
  /** The proxy that takes it away from the shops, and brings it back. */
  readonly line: Pick<Tap, 'refuse' | 'hang' | 'behave' | 'connections' | 'open'>;
  /** Whether a client that knows that it is away may keep commands for later. */
  readonly queues: boolean;
  /** The name of a session there: 'the document q3Xk…', 'the key sess:q3Xk…'. */
  nameOf(id: string): string;
  /** The IDs of all sessions that are there. */
  ids(): Promise<string[]>;
  /** What is stored of a session; undefined when it is not there. */
  read(id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** How long it stays without requests, in milliseconds: 0 when it is gone, Infinity when nothing ends it. */
  left(id: string): Promise<number>;
  /** Time passes for it too, where it has a clock of its own. */
  timePasses(ms: number): Promise<void>;
}

export function mongoHome({ mongo, clock }: Stage): SessionHome {
  return {
    name: 'MongoDB',
    config: { store: 'mongodb' },
    line: mongo.tap,
    queues: false,
    nameOf: (id) => `the document ${id.slice(0, 8)}…`,
    ids: async () => (await mongo.sessions()).map(({ _id }) => _id),
    read: async (id) => (await mongo.session(id))?.session,
    left: async (id) => {
      const document = await mongo.session(id);
      return document ? document.expires.getTime() - clock.now().getTime() : 0;
    },
    // Steps call Mongo's clean-up with the check's clock.
    timePasses: async () => {},
  };
}

const homes = new WeakMap<Stage, Promise<{ home: SessionHome; evidence: RedisEvidence }>>();

/** The Redis of a check: fresh, empty, one for all steps. @throws {StepSkipped} when there is none on this machine */
export async function redisHome(stage: Stage): Promise<SessionHome> {
  const opening = homes.get(stage) ?? openRedisHome(stage);
  homes.set(stage, opening);
  const { home, evidence } = await opening;
  evidence.stepBegins();
  stage.describeRedis = () => evidence.describe();
  return home;
}

async function openRedisHome(stage: Stage): Promise<{ home: SessionHome; evidence: RedisEvidence }> {
  const redis = await startRedis();
  if (!redis) {
    throw new StepSkipped(
      ['not graded: there is no Redis on this machine. To get one:', ...howToGetOne()].join('\n'),
    );
  }
  stage.afterwards(() => redis.stop());
  const line = await startRedisProxy(redis.url, (words) => evidence.hears(words));
  stage.afterwards(() => line.stop());
  const client = createClient({ url: redis.url });
  client.on('error', () => {});
  await client.connect();
  stage.afterwards(async () => client.destroy());
  const evidence = new RedisEvidence(client, line);
  const keyOf = (id: string) => `sess:${id}`;
  const home: SessionHome = {
    name: 'Redis',
    config: { store: 'redis', redisUrl: line.url },
    line,
    queues: true,
    nameOf: (id) => `the key ${keyOf(id).slice(0, 13)}…`,
    ids: async () => (await client.keys(keyOf('*'))).map((key) => key.slice(keyOf('').length)),
    read: async (id) => {
      const text = await client.get(keyOf(id));
      return text === null ? undefined : JSON.parse(text);
    },
    left: async (id) => {
      const ms = await client.pTTL(keyOf(id));
      if (ms === -1) return Number.POSITIVE_INFINITY;
      return Math.max(0, ms);
    },
    // The clock of Redis cannot be set: shortening the life of each key has the same effect.
    timePasses: async (ms) => {
      for (const key of await client.keys(keyOf('*'))) {
        const left = await client.pTTL(key);
        if (left >= 0) await client.pExpire(key, left - ms);
      }
    },
  };
  return { home, evidence };
}
