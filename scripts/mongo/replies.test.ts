import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import type { TappedCommand } from './recording.ts';
import { startTap, type Tap } from './tap.ts';

let mongo: EmbeddedMongo;
let tap: Tap;
let client: MongoClient;
const done: TappedCommand[] = [];
const doneOf = (name: string) => done.filter((command) => command.name === name);

beforeEach(async () => {
  done.length = 0;
  mongo = await startEmbedded();
  tap = await startTap(mongo.uri, { most: 3, onDone: (command) => done.push(command) });
  client = await MongoClient.connect(tap.uri);
});
afterEach(async () => {
  await client.close();
  await tap.stop();
  await mongo.stop();
});
const things = () => client.db('shop').collection<{ _id: number; word?: string }>('things');

test('each command has what came back, and how long it took', async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }]);
  await things().updateMany({}, { $set: { word: 'x' } });
  await things().find().toArray();
  await things()
    .insertOne({ _id: 1 })
    .catch(() => {});

  expect(doneOf('insert')[0]?.reply).toEqual({ ms: expect.any(Number), matched: 2 });
  expect(doneOf('update')[0]?.reply?.matched).toBe(2);
  expect(doneOf('find')[0]?.reply?.found).toBe(2);
  expect(doneOf('insert')[1]?.reply?.error).toContain('E11000');
});

test('an error that the proxy plays is a reply, and a cut connection is none', async () => {
  tap.fail('find', { code: 91 });
  await things()
    .findOne()
    .catch(() => {});
  tap.dropAt('insert', 2);
  await things()
    .insertOne({ _id: 1 })
    .catch(() => {});
  expect(doneOf('find')[0]?.reply?.error).toBe('ShutdownInProgress');
  expect(doneOf('insert')[0]).not.toHaveProperty('reply');
});

test('a slow write reaches the Mongo later, a read does not wait, and nothing is slow after behave', async () => {
  await things().insertOne({ _id: 1 });
  tap.slowWrites(300);
  const writing = things().updateOne({ _id: 1 }, { $set: { word: 'late' } });
  await tap.seen('update', 10_000);
  // Another connection of the driver's pool.
  expect(await things().findOne()).toEqual({ _id: 1 });
  await writing;
  expect(doneOf('update')[0]?.reply?.ms).toBeGreaterThanOrEqual(299);
  await tap.behave();
  tap.slowWrites(1e6);
  await tap.behave();
  await things().updateOne({ _id: 1 }, { $set: { word: 'soon' } });
});

test('a proxy with a limit keeps the last commands only', async () => {
  for (const _id of [1, 2, 3, 4, 5]) await things().insertOne({ _id });
  const kept = tap.commands('insert').map(({ body }) => body.documents[0]._id);
  expect(kept.at(-1)).toBe(5);
  expect(kept.length).toBeLessThanOrEqual(3);
});
