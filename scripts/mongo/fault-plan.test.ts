import { MongoClient, MongoServerError } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { startTap, type Tap } from './tap.ts';

let mongo: EmbeddedMongo;
let tap: Tap;
let direct: MongoClient;
const open: MongoClient[] = [];

beforeEach(async () => {
  mongo = await startEmbedded();
  tap = await startTap(mongo.uri);
  direct = await MongoClient.connect(mongo.uri);
});
afterEach(async () => {
  await Promise.all([direct, ...open.splice(0)].map((client) => client.close()));
  await tap.stop();
  await mongo.stop();
});

/** A client through the tap with short time limits and frequent monitoring. Reads are not retried unless a test sets that. */
function asking(options: Record<string, string> = {}): MongoClient {
  const limits = { serverSelectionTimeoutMS: '250', socketTimeoutMS: '250', heartbeatFrequencyMS: '500' };
  const query = new URLSearchParams({ ...limits, retryReads: 'false', ...options });
  const client = new MongoClient(`${tap.uri}shop?${query}`);
  open.push(client);
  return client;
}
type Thing = { _id: number };
const things = (client: MongoClient) => client.db('shop').collection<Thing>('things');
const stored = () => things(direct).distinct('_id');
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );
/** Waits until the driver's monitoring has seen that the server is back. */
const backIn = async (client: MongoClient, _id: number) => {
  await expect.poll(() => things(client).insertOne({ _id })).toMatchObject({ acknowledged: true });
};

test('refuse: what was connected breaks off, what connects is refused, and behave mends it', async () => {
  const client = asking();
  await things(client).insertOne({ _id: 1 });
  await tap.refuse();
  await tap.refuse();
  expect(await failure(things(client).insertOne({ _id: 2 }))).toMatchObject({
    message: expect.stringContaining('ECONNREFUSED'),
  });
  await expect(asking().connect()).rejects.toThrow(`connect ECONNREFUSED ${new URL(tap.uri).host}`);
  await tap.behave();
  await backIn(client, 3);
  expect(await stored()).toEqual([1, 3]);
});

test('hang: the driver gives up on its own clock, and what it gave up on is not written', async () => {
  const client = asking();
  await things(client).insertOne({ _id: 1 });
  tap.hang();
  const error = await failure(things(client).insertOne({ _id: 2 }));
  expect(error).toMatchObject({
    name: 'MongoNetworkTimeoutError',
    message: expect.stringMatching(/^connection \d+ to .* timed out$/),
  });
  await expect(asking().connect()).rejects.toThrow('Server selection timed out after 250 ms');
  await tap.behave();
  await backIn(client, 3);
  expect(await stored()).toEqual([1, 3]);
  expect(tap.commands('insert').map(({ body, passed }) => [body.documents[0]._id, passed])).toContainEqual([
    2,
    false,
  ]);
});

test('hold: one command gets no answer, the greetings do, and only socketTimeoutMS ends the wait', async () => {
  const client = asking();
  await things(client).insertOne({ _id: 1 });
  tap.hold('find');
  expect(await failure(things(client).findOne())).toMatchObject({ name: 'MongoNetworkTimeoutError' });
  await things(client).insertOne({ _id: 2 });
  expect(await stored()).toEqual([1, 2]);
  await tap.behave();
  expect(await things(client).findOne({ _id: 2 })).toEqual({ _id: 2 });
});

test('hang: who waited long enough gets the answer after all', async () => {
  const client = asking({ socketTimeoutMS: '0' });
  await things(client).findOne();
  tap.hang();
  const inserting = things(client).insertOne({ _id: 1 });
  expect(await tap.seen('insert', 5000)).toMatchObject({ passed: false });
  await tap.behave();
  expect(await inserting).toMatchObject({ insertedId: 1 });
  expect(tap.commands('insert')).toMatchObject([{ passed: true }]);
});

test('drop: connections that lay idle are made anew, and nobody notices', async () => {
  const client = asking();
  await things(client).insertOne({ _id: 1 });
  const closed = new Promise((resolve) => client.once('connectionClosed', resolve));
  const before = tap.connections;
  tap.drop();
  await closed;
  await backIn(client, 2);
  expect(tap.connections).toBeGreaterThan(before);
});

test('dropAt: the command is lost with its connection, and the next one passes', async () => {
  const client = asking();
  await things(client).insertOne({ _id: 1 });
  tap.dropAt('insert');
  const error = await failure(things(client).insertOne({ _id: 2 }));
  expect(error).toMatchObject({
    name: 'MongoNetworkError',
    message: expect.stringMatching(/^connection \d+ to .* closed$/),
  });
  await backIn(client, 3);
  expect(await stored()).toEqual([1, 3]);
  expect(tap.commands('insert').map(({ passed }) => passed)).toEqual([true, false, true]);
});

test('a dropped read is read again, which drivers do by default', async () => {
  const client = asking({ retryReads: 'true', serverSelectionTimeoutMS: '5000' });
  await things(client).insertOne({ _id: 1 });
  tap.dropAt('find');
  expect(await things(client).findOne()).toEqual({ _id: 1 });
  expect(tap.commands('find').map(({ passed }) => passed)).toEqual([false, true]);
});

const errors = [
  [6, 'HostUnreachable'],
  [91, 'ShutdownInProgress'],
  [11600, 'InterruptedAtShutdown'],
  [8000, 'AtlasError'],
] as const;

test.each(errors)(
  'fail: so many commands of that name get error %i %s, and others none',
  async (code, codeName) => {
    const client = asking();
    await client.connect();
    tap.fail('update', { code, codeName, message: 'as planned', times: 2 });
    const update = () => things(client).updateOne({ _id: 1 }, { $set: { n: 1 } as never }, { upsert: true });
    await things(client).insertOne({ _id: 9 });
    for (const _time of [1, 2]) {
      const error = await failure(update());
      expect(error).toBeInstanceOf(MongoServerError);
      expect(error).toMatchObject({ code, codeName, message: 'as planned' });
      await expect.poll(() => things(client).countDocuments()).toBe(1);
    }
    expect(await update()).toMatchObject({ upsertedCount: 1 });
  },
);

test('plans for one name come true one after the other, and behave cancels what is left', async () => {
  const client = asking();
  tap.fail('find', { code: 2 });
  tap.fail('find', { code: 50, codeName: 'MaxTimeMSExpired', times: Number.POSITIVE_INFINITY });
  expect(await failure(things(client).findOne())).toMatchObject({ code: 2, codeName: 'BadValue' });
  for (const _time of [1, 2, 3]) expect(await failure(things(client).findOne())).toMatchObject({ code: 50 });
  await tap.behave();
  expect(await things(client).findOne()).toBeNull();
});

test('a command that wants no reply gets none, not even a planned error', async () => {
  const client = asking();
  await client.connect();
  tap.fail('insert', { code: 2 });
  const unheard = things(client).insertOne({ _id: 1 }, { writeConcern: { w: 0 } });
  await expect(unheard).resolves.toMatchObject({ acknowledged: false });
  expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  expect(await stored()).toEqual([]);
});
