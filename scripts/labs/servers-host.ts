// The process of the databases: a real mongod and Redis have processes of their own in any case, and the embedded
// engine gets one here, so that what it costs is not counted as the shop's or the generator's.

import { engineInWords } from '../grader/report.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { startRedis } from '../redis/index.ts';
import { answer } from './answer.ts';

let mongo: Mongo | undefined;
let redis: Awaited<ReturnType<typeof startRedis>>;

const handlers = {
  mongo: async () => {
    mongo = await startMongo();
    const { uri, kind, note } = mongo;
    return { uri, kind, name: engineInWords(mongo), note };
  },
  redis: async () => {
    redis = await startRedis();
    return redis && { url: redis.url, words: redis.words };
  },
  /** Removes what the TTL indexes would have removed by that moment. */
  sweep: async (now: string) => mongo?.sweep(new Date(now)),
  stop: async () => {
    await Promise.all([mongo?.stop(), redis?.stop()]);
  },
};

export type ServersHost = typeof handlers;

answer(handlers);
