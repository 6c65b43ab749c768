import { BSON, type Collection, MongoClient } from 'mongodb';
import { startMongo } from '../../mongo/index.ts';
import type { Backend } from './types.ts';

export async function startMongoBackend(): Promise<Backend> {
  const mongo = await startMongo();
  const client = new MongoClient(mongo.uri);
  let places = 0;
  return {
    words:
      mongo.kind === 'mongod'
        ? `mongod ${mongo.version}`
        : `the workshop's embedded engine, as MongoDB ${mongo.version}`,
    place: async () => {
      const database = client.db(`shop${++places}`);
      const names = async () => (await database.listCollections().toArray()).map(({ name }) => name);
      return {
        url: `${mongo.uri}${database.databaseName}`,
        isServer: true,
        dump: async () => {
          const all = (await names()).map((name) => dump(database.collection(name)));
          return (await Promise.all(all)).flat().join('\n');
        },
        putOther: async (word) => {
          await database.collection('others').insertOne({ word });
        },
        schema: async () => {
          const indexes = (await names()).map(async (name) => {
            const of = await database.collection(name).indexes();
            return [
              `collection ${name}`,
              ...of.map((index) => `index ${index.name}${'expireAfterSeconds' in index ? ' (TTL)' : ''}`),
            ];
          });
          return (await Promise.all(indexes)).flat();
        },
        remove: async () => {
          await database.dropDatabase();
        },
      };
    },
    stop: async () => {
      await client.close();
      await mongo.stop();
    },
  };
}

/** Every document, and when a TTL index deletes it, in milliseconds since 1970. */
async function dump(collection: Collection): Promise<string[]> {
  const ttl = (await collection.indexes()).flatMap(({ key, expireAfterSeconds }) =>
    expireAfterSeconds === undefined ? [] : [{ path: Object.keys(key)[0] ?? '', after: expireAfterSeconds }],
  );
  return (await collection.find().toArray()).map((document) => {
    const ends = ttl.flatMap(({ path, after }) => {
      const at = path.split('.').reduce((value, name) => value?.[name], document as unknown as Nested);
      // MongoDB leaves a document alone whose field is no date.
      return at instanceof Date ? [at.getTime() + after * 1000] : [];
    });
    return `${BSON.EJSON.stringify(document)}${ends.length ? ` ends ${Math.min(...ends)}` : ''}`;
  });
}

type Nested = { readonly [name: string]: Nested } | undefined;
