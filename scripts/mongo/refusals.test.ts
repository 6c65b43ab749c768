import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { startTap, type Tap } from './tap.ts';

let mongo: EmbeddedMongo;
let tap: Tap;
let client: MongoClient;

beforeEach(async () => {
  mongo = await startEmbedded();
  tap = await startTap(mongo.uri);
  client = await MongoClient.connect(tap.uri);
});
afterEach(async () => {
  await client.close();
  await tap.stop();
  await mongo.stop();
});
const things = () => client.db('shop').collection('things');
const update = { filter: {}, update: { $set: { a: 1 } }, collation: { locale: 'en' } };

test('a refused command is named, whether its error was caught or not', async () => {
  await expect(
    things()
      .aggregate([{ $facet: {} }])
      .toArray(),
  ).rejects.toThrow('not supported');
  expect(tap.refusals).toEqual(['the pipeline stage $facet']);
});

test('a refused write of a batch is named, and outlives forget()', async () => {
  const writes = [{ insertOne: { document: { a: 0 } } }, { updateOne: update }];
  await things()
    .bulkWrite(writes)
    .catch(() => {});
  tap.forget();
  expect(tap.refusals).toEqual(["the field 'update.updates.collation'"]);
});

test('a refusal is seen on a connection that poses as a replica set member', async () => {
  tap.asReplicaSetMember();
  await things()
    .updateOne({}, update.update, { collation: update.collation })
    .catch(() => {});
  expect(tap.refusals).toHaveLength(1);
});

test('neither data with such words, nor another error, nor another server that lacks something is one', async () => {
  const errmsg = 'the sky is not supported by the embedded engine; a real mongod has it';
  await things().insertOne({ code: 238, errmsg });
  await things().find().toArray();
  await expect(client.db('shop').command({ nonsense: 1 })).rejects.toThrow('no such command');
  const outer = await startTap(tap.uri);
  const through = await MongoClient.connect(outer.uri);
  tap.fail('find', { code: 238, message: 'this build has no such thing' });
  await expect(through.db('shop').collection('things').findOne()).rejects.toThrow('no such thing');
  await through.close();
  await outer.stop();
  expect([...tap.refusals, ...outer.refusals]).toEqual([]);
});
