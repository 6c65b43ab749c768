import { type Document, type IndexDescription, MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { sweepByIndexes } from './mongod-ttl-sweep.ts';

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

type Sweep = (engine: EmbeddedMongo) => Promise<number>;

/** TTL indexes on both dates. */
const INDEXES: IndexDescription[] = [
  { key: { expires: 1 }, expireAfterSeconds: 0 },
  { key: { seen: 1 }, expireAfterSeconds: 60 },
];

/** The documents that are left in shop.sessions after a sweep. */
async function leftBy(
  sweep: Sweep,
  indexes = INDEXES,
  documents: (Document & { _id: string })[] = DOCUMENTS,
) {
  const engine = await startEmbedded();
  const client = await MongoClient.connect(engine.uri);
  const sessions = client.db('shop').collection<{ _id: string }>('sessions');
  await sessions.createIndexes(indexes);
  await sessions.insertMany(documents);
  const gone = await sweep(engine);
  const left = (await sessions.find().toArray()).map(({ _id }) => _id);
  await client.close();
  await engine.stop();
  return { gone, left };
}

test('a partial index removes only what matches its filter', async () => {
  const partialFilterExpression = { 'session.isLoggedIn': true, expires: { $exists: true } };
  const sweepAll = (sweep: Sweep) =>
    leftBy(
      sweep,
      [{ key: { expires: 1 }, expireAfterSeconds: 0, partialFilterExpression }],
      [
        { _id: 'over', expires: before(1), session: { isLoggedIn: true } },
        { _id: 'over, logged out', expires: before(1), session: { isLoggedIn: false } },
        { _id: 'over, without a session', expires: before(1) },
        { _id: 'not yet', expires: before(-1), session: { isLoggedIn: true } },
      ],
    );
  const byIndexes = await sweepAll(({ uri }) => sweepByIndexes(uri, NOW));
  expect(byIndexes).toEqual({ gone: 1, left: ['over, logged out', 'over, without a session', 'not yet'] });
  expect(await sweepAll((engine) => engine.sweep(NOW))).toEqual(byIndexes);
});

test('what goes at a given time is what the indexes say, and the embedded engine agrees', async () => {
  const byIndexes = await leftBy(({ uri }) => sweepByIndexes(uri, NOW));
  expect(byIndexes).toEqual({
    gone: 5,
    left: ['not yet', 'a number', 'nothing', 'seen'],
  });
  expect(await leftBy((engine) => engine.sweep(NOW))).toEqual(byIndexes);
});
