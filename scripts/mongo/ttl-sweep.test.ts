import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { startEmbedded } from '../engine/server.ts';
import { sweepByIndexes } from './ttl-sweep.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const before = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

const DOCUMENTS = [
  { _id: 'over', expires: before(1), seen: before(0) },
  { _id: 'over by far', expires: before(1e9) },
  { _id: 'this very moment', expires: NOW },
  { _id: 'not yet', expires: before(-1) },
  { _id: 'a number', expires: before(1).getTime() },
  { _id: 'nothing' },
  { _id: 'the earliest of several', expires: [before(-99), before(99)] },
  { _id: 'not seen for long', expires: before(-1), seen: before(61) },
  { _id: 'seen', expires: before(-1), seen: before(59) },
];

/** What is left in shop.sessions, with TTL indexes on both dates, after a sweep. */
async function leftBy(sweep: (engine: Awaited<ReturnType<typeof startEmbedded>>) => Promise<number>) {
  const engine = await startEmbedded();
  const client = await MongoClient.connect(engine.uri);
  const sessions = client.db('shop').collection<{ _id: string }>('sessions');
  await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  await sessions.createIndex({ seen: 1 }, { expireAfterSeconds: 60 });
  await sessions.insertMany(DOCUMENTS);
  const gone = await sweep(engine);
  const left = (await sessions.find().toArray()).map(({ _id }) => _id);
  await client.close();
  await engine.stop();
  return { gone, left };
}

test('what goes at a given time is what the indexes say, and the embedded engine agrees', async () => {
  const byIndexes = await leftBy(({ uri }) => sweepByIndexes(uri, NOW));
  expect(byIndexes).toEqual({
    gone: 5,
    left: ['not yet', 'a number', 'nothing', 'seen'],
  });
  expect(await leftBy((engine) => engine.sweep(NOW))).toEqual(byIndexes);
});
