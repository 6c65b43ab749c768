import { MongoClient } from 'mongodb';
import { createClient } from 'redis';
import { expect, it, onTestFinished } from 'vitest';
import { startMongo } from '../../../mongo/index.ts';
import type { TappedCommand } from '../../../mongo/recording.ts';
import { startRedis } from '../../../redis/index.ts';
import { MongoSide } from './mongo-side.ts';
import { RedisSide } from './redis-side.ts';

const HOUR = 3_600_000;

it('finds a session in its collection, also after commands about others', async () => {
  const mongo = await startMongo();
  onTestFinished(() => mongo.stop());
  const client = new MongoClient(mongo.uri);
  const side = new MongoSide(client, 'shop');
  onTestFinished(() => side.close());
  const expires = new Date(Date.now() + HOUR);
  const kept = client.db('shop').collection<{ _id: string; expires: Date }>('kept');
  await kept.insertOne({ _id: 'the-id', expires });
  expect(await side.read('the-id')).toBe(undefined);
  const learn = (name: string, collection: string) =>
    side.learn({ name, db: 'shop', collection } as TappedCommand);
  learn('update', 'kept');
  for (const other of ['users', 'orders', 'visits']) learn('find', other);
  expect(await side.read('the-id')).toMatchObject({ where: 'MongoDB, shop.kept', ends: expires.getTime() });
});

it('time passes for the keys of Redis, and what it has ended is gone', async ({ skip }) => {
  const redis = await startRedis();
  if (!redis) return skip();
  onTestFinished(() => redis.stop());
  const client = createClient({ url: redis.url });
  await client.connect();
  onTestFinished(() => void client.destroy());
  const side = await RedisSide.open(redis.url);
  onTestFinished(() => side.close());
  await client.set('sess:long', '{"cookie":{}}', { PX: 3 * HOUR });
  await client.set('sess:short', '{}', { PX: HOUR });
  await client.set('sess:endless', '{}');
  const [before] = [await side.read('long')];
  expect(await side.timePasses(2 * HOUR)).toBe(1);
  expect(await client.keys('*')).toEqual(expect.arrayContaining(['sess:endless', 'sess:long']));
  expect(await side.read('short')).toBe(undefined);
  // By the shop's clock its end has not changed.
  const apart = Math.abs(((await side.read('long'))?.ends ?? 0) - (before?.ends ?? 0));
  expect(apart).toBeLessThan(HOUR / 2);
});
