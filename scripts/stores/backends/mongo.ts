import { BSON, MongoClient } from 'mongodb';
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
          const all = (await names()).map((name) => database.collection(name).find().toArray());
          return BSON.EJSON.stringify(await Promise.all(all));
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
