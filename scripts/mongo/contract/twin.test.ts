import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../../engine/server.ts';
import { startTwin, type Twin } from './twin.ts';

let engines: EmbeddedMongo[];
let client: MongoClient;
let twin: Twin;
beforeEach(async () => {
  engines = [await startEmbedded(), await startEmbedded()];
  const [first, second] = engines.map(({ uri }) => uri) as [string, string];
  client = await MongoClient.connect(first, { monitorCommands: true });
  twin = await startTwin(client, second);
});
afterEach(async () => {
  await twin.stop();
  await client.close();
  for (const engine of engines) await engine.stop();
});
const things = () => client.db('shop').collection<{ _id?: number; n?: number }>('things');

async function useEverything(): Promise<void> {
  await things().insertMany(Array.from({ length: 5 }, (_, n) => ({ n })));
  await things().insertOne({ _id: 1 });
  await expect(things().insertOne({ _id: 1 })).rejects.toMatchObject({ code: 11000 });
  await things().updateOne({ n: 9 }, [{ $set: { at: '$$NOW' } }], { upsert: true });
  expect(await things().find({}, { batchSize: 2 }).toArray()).toHaveLength(7);
  await expect(things().find({ $foo: 1 }).toArray()).rejects.toMatchObject({ code: 2 });
  await things().createIndex({ n: 1 });
  await things().distinct('n');
}

test('two engines that answer alike pass, cursors and made IDs included', async () => {
  await useEverything();
  await twin.compare();
});

test('an answer that differs fails, and names the command', async () => {
  const other = await MongoClient.connect(engines[1]?.uri ?? '');
  await other.db('shop').collection('things').insertOne({ n: 7 });
  await other.close();
  await useEverything();
  await expect(twin.compare()).rejects.toThrow(/"find":"things"/);
});
