// The process of the databases. mongod and Redis run in processes of their own anyway; the embedded
// engine gets one here, so that its cost is not counted for the shop or the load generator.

import { describeEngine } from '../grader/report.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { startRedis } from '../redis/index.ts';
import { answer } from './answer.ts';

let mongo: Mongo | undefined;
let redis: Awaited<ReturnType<typeof startRedis>>;

const handlers = {
  mongo: async () => {
    mongo = await startMongo();
    const { uri, kind, note } = mongo;
    return { uri, kind, name: describeEngine(mongo), note };
  },
  redis: async () => {
    redis = await startRedis();
    return redis && { url: redis.url, words: redis.words };
  },
  /** Removes the documents that TTL indexes would have removed by that moment. */
  sweep: async (now: string) => mongo?.sweep(new Date(now)),
  stop: async () => {
    await Promise.all([mongo?.stop(), redis?.stop()]);
  },
};

export type ServersHost = typeof handlers;

answer(handlers);
