import type { Opening } from '#grader/check/check.ts';
import { howToGetOne, startRedis } from '../../scripts/redis/index.ts';
import { shopEnvironment } from '../../scripts/shared/environment.ts';

/** Lesson 12's Redis, when this machine has one. SESSION_STORE=mongodb in `.env` selects the other store. */
export async function openEitherStore(): Promise<Opening> {
  const redis = await startRedis();
  if (!redis) {
    return {
      say: [
        'There is no Redis on this machine, so the shop keeps its sessions in MongoDB. To get one:',
        ...howToGetOne(),
      ],
      close: async () => {},
    };
  }
  const store = shopEnvironment().SESSION_STORE === 'mongodb' ? 'mongodb' : 'redis';
  return {
    config: { store, redisUrl: redis.url },
    say: [
      `Redis: ${redis.words}. Look into it with   redis-cli -u ${redis.url}`,
      `The shop is told store: '${store}'. SESSION_STORE=${store === 'redis' ? 'mongodb' : 'redis'} in .env tells it the other.`,
    ],
    close: () => redis.stop(),
  };
}
