import { Code, Double, Long, MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { startTap, type Tap } from './tap.ts';

let mongo: EmbeddedMongo;
let tap: Tap;
let client: MongoClient | undefined;

beforeEach(async () => {
  mongo = await startEmbedded();
  tap = await startTap(mongo.uri);
});
afterEach(async () => {
  await client?.close();
  await tap.stop();
  await mongo.stop();
});
const connected = async (options = '') => {
  client = await MongoClient.connect(`${tap.uri}shop?serverSelectionTimeoutMS=5000${options}`);
  return client.db().collection<{ _id: number; n?: number }>('things');
};
const REFUSAL =
  'This MongoDB deployment does not support retryable writes. Please add retryWrites=false to your connection string.';

test.each(['', '&retryWrites=true', '&directConnection=true'])(
  'refuseRetryableWrites: the driver says so, with "%s" in the URI',
  async (options) => {
    tap.refuseRetryableWrites();
    const things = await connected(options);
    await expect(things.insertOne({ _id: 1 })).rejects.toMatchObject({
      message: REFUSAL,
      originalError: { code: 20, codeName: 'IllegalOperation' },
    });
    await expect(things.updateOne({ _id: 1 }, { $set: { n: 1 } })).rejects.toThrow(REFUSAL);
    expect(tap.commands('insert')).toMatchObject([{ passed: false, body: { txnNumber: expect.anything() } }]);
    // Commands that are never retried as writes pass.
    expect(await things.find().toArray()).toEqual([]);
    expect(await things.updateMany({}, { $set: { n: 1 } })).toMatchObject({ matchedCount: 0 });
  },
);

test('refuseRetryableWrites: with retryWrites=false every write passes', async () => {
  tap.refuseRetryableWrites();
  const things = await connected('&retryWrites=false');
  await things.insertOne({ _id: 1 });
  await things.updateOne({ _id: 1 }, { $set: { n: 2 } });
  expect(await things.findOne()).toEqual({ _id: 1, n: 2 });
  expect(tap.commands('insert')[0]?.body).not.toHaveProperty('txnNumber');
});

test('who is connected hears of it too, at once', async () => {
  const things = await connected();
  await things.findOne();
  tap.refuseRetryableWrites();
  const writing = () =>
    things.updateOne({ _id: 1 }, { $set: { n: 1 } }).then(String, (error) => error.message);
  await expect.poll(writing).toBe(REFUSAL);
});

test('behave: the member stays one, and takes the same client’s writes', async () => {
  tap.refuseRetryableWrites();
  const things = await connected();
  await expect(things.insertOne({ _id: 1 })).rejects.toThrow(REFUSAL);
  await tap.behave();
  await things.insertOne({ _id: 2 });
  expect(await things.find().toArray()).toEqual([{ _id: 2 }]);
  expect(await client?.db('admin').command({ hello: 1 })).toMatchObject({
    setName: 'rs0',
    isWritablePrimary: true,
    hosts: [new URL(tap.uri).host],
    me: new URL(tap.uri).host,
  });
});

test('a member’s dropped write is written by the retry, and is lost with retryWrites=false', async () => {
  tap.asReplicaSetMember();
  const things = await connected('&replicaSet=rs0');
  tap.dropAt('insert');
  await things.insertOne({ _id: 1 });
  expect(tap.commands('insert').map(({ passed }) => passed)).toEqual([false, true]);
  await client?.close();
  const others = await connected('&retryWrites=false');
  tap.dropAt('insert');
  await expect(others.insertOne({ _id: 2 })).rejects.toMatchObject({ name: 'MongoNetworkError' });
  await expect.poll(() => others.distinct('_id')).toEqual([1]);
});

test('a write reaches the server as it was sent, but for its number', async () => {
  const before = await startTap(mongo.uri);
  const chain = await startTap(before.uri);
  chain.asReplicaSetMember();
  client = await MongoClient.connect(`${chain.uri}`);
  const exotic = { _id: Long.fromNumber(7), code: new Code('1'), n: new Double(1), text: 'ß' };
  // The engine stores no code; the test only needs the command to arrive.
  await client
    .db('shop')
    .collection<{ _id: Long; [name: string]: unknown }>('things')
    .insertOne(exotic)
    .catch(() => {});
  const [sent, got] = [chain.commands('insert')[0], before.commands('insert')[0]];
  const { txnNumber, ...rest } = sent?.body ?? {};
  expect(txnNumber).toBeDefined();
  expect(got?.body).toEqual(rest);
  for (const one of [chain, before]) await one.stop();
});

test('a member’s write is retried after an error that says it may be', async () => {
  tap.asReplicaSetMember();
  const things = await connected();
  tap.fail('update', { code: 91, labels: ['RetryableWriteError'] });
  expect(await things.updateOne({ _id: 1 }, { $set: { n: 1 } }, { upsert: true })).toMatchObject({
    upsertedCount: 1,
  });
  expect(tap.commands('update').map(({ passed }) => passed)).toEqual([false, true]);
});

test('a standalone gets no transaction numbers, and a dropped write is lost', async () => {
  const things = await connected();
  tap.dropAt('insert');
  await expect(things.insertOne({ _id: 1 })).rejects.toMatchObject({ name: 'MongoNetworkError' });
  expect(tap.commands('insert')[0]?.body).not.toHaveProperty('txnNumber');
});

test('a transaction is refused by the server behind, not waved through', async () => {
  tap.asReplicaSetMember();
  const things = await connected();
  const session = client?.startSession();
  session?.startTransaction();
  await expect(things.insertOne({ _id: 1 }, session ? { session } : {})).rejects.toMatchObject({ code: 20 });
  await session?.abortTransaction();
  await session?.endSession();
});
