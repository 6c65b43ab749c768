import { MongoClient } from 'mongodb';
import { startEmbedded } from '../../../engine/server.ts';
import { startTap } from '../../../mongo/tap.ts';
import { type Provocations, thrown } from './support.ts';

/** The server's error for a client in its own database. */
async function refusing(run: (client: MongoClient) => unknown): Promise<string> {
  const mongo = await startEmbedded();
  const client = await MongoClient.connect(mongo.uri);
  try {
    return await thrown(() => run(client));
  } finally {
    await client.close();
    await mongo.stop();
  }
}

/** Plays a deployment that announces retryable writes and refuses them. */
async function refusingRetries(): Promise<string> {
  const mongo = await startEmbedded();
  const tap = await startTap(mongo.uri);
  tap.refuseRetryableWrites();
  const client = new MongoClient(tap.uri);
  try {
    return await thrown(() => client.db('shop').collection('a').insertOne({}));
  } finally {
    await client.close();
    await tap.stop();
    await mongo.stop();
  }
}

const users = (client: MongoClient) => client.db('shop').collection<{ _id: number; email: string }>('users');

export const SERVER: Provocations = {
  'This MongoDB deployment does not support retryable writes. Please add retryWrites=false to your connection string.':
    refusingRetries,
  'An equivalent index already exists with the same name but different options': () =>
    refusing(async (client) => {
      await users(client).createIndex({ expires: 1 }, { expireAfterSeconds: 60 });
      await users(client).createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
    }),
  'E11000 duplicate key error collection': () =>
    refusing(async (client) => {
      await users(client).insertOne({ _id: 1, email: 'a' });
      await users(client).insertOne({ _id: 1, email: 'b' });
    }),
  "would modify the immutable field '_id'": () =>
    refusing(async (client) => {
      await users(client).insertOne({ _id: 1, email: 'a' });
      await users(client).updateOne({ _id: 1 }, { $set: { _id: 2 } as never });
    }),
  'Cannot convert circular structure to BSON': () =>
    refusing((client) => {
      const circle: { email: string; self?: unknown } = { email: 'a' };
      circle.self = circle;
      return users(client).insertOne(circle as never);
    }),
  'collection.insert is not a function': () =>
    refusing((client) => {
      const collection = users(client) as unknown as { insert(document: object): unknown };
      return collection.insert({});
    }),
  'client.collection is not a function': () =>
    refusing((client) => (client as unknown as { collection(name: string): unknown }).collection('a')),
};
