import connectMongoDBSession from 'connect-mongodb-session';
import session from 'express-session';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Mongo, startMongo } from './index.ts';
import { startTap, type Tap } from './tap.ts';

const MongoDBStore = connectMongoDBSession(session);
type Store = InstanceType<typeof MongoDBStore>;

let mongo: Mongo;
let tap: Tap;
let client: MongoClient;
let store: Store;

/** The store's own tests would wait for its 'connected'; its callback says the same. */
const open = (uri: string) =>
  new Promise<Store>((resolve, reject) => {
    const opened = new MongoDBStore({ uri, collection: 'sessions' }, (error) =>
      error ? reject(error) : resolve(opened),
    );
  });
const calls = <T>(run: (done: (error?: unknown, value?: T) => void) => void) =>
  new Promise<T | undefined>((resolve, reject) =>
    run((error, value) => (error ? reject(error) : resolve(value))),
  );
const data = (cart: string[], maxAge = 60_000) =>
  ({
    cookie: { originalMaxAge: maxAge, expires: new Date(Date.now() + maxAge) },
    cart,
  }) as unknown as session.SessionData;

beforeEach(async () => {
  mongo = await startMongo('embedded');
  tap = await startTap(mongo.uri);
  client = await MongoClient.connect(mongo.uri);
  store = await open(`${tap.uri}shop`);
});
afterEach(async () => {
  await (store as unknown as { client: MongoClient }).client.close();
  await client.close();
  await tap.stop();
  await mongo.stop();
});
const sessions = () => client.db('shop').collection<{ _id: string; expires: Date }>('sessions');

test('set, get and destroy keep one document in shop.sessions', async () => {
  await calls((done) => store.set('abc', data(['tea']), done));
  await calls((done) => store.set('abc', data(['tea', 'mug']), done));
  expect(await calls((done) => store.get('abc', done))).toMatchObject({ cart: ['tea', 'mug'] });
  const [only, ...others] = await sessions().find().toArray();
  expect(only).toMatchObject({ _id: 'abc', session: { cart: ['tea', 'mug'] }, expires: expect.any(Date) });
  expect(others).toEqual([]);
  await calls((done) => store.destroy('abc', done));
  expect(await calls((done) => store.get('abc', done))).toBeUndefined();
  expect(await sessions().countDocuments()).toBe(0);
});

test('the store makes its TTL index', async () => {
  expect(await sessions().indexes()).toContainEqual({
    v: 2,
    key: { expires: 1 },
    name: 'expires_1',
    expireAfterSeconds: 0,
  });
});

test('an expired session is refused', async () => {
  await calls((done) => store.set('old', data(['tea'], -1000), done));
  expect(await calls((done) => store.get('old', done))).toBeUndefined();
});

test('the tap saw what the store sent', async () => {
  tap.forget();
  await calls((done) => store.set('abc', data(['tea']), done));
  await calls((done) => store.get('abc', done));
  await calls((done) => store.destroy('abc', done));
  expect(tap.commands().map(({ name, db, collection }) => [name, db, collection])).toEqual([
    ['update', 'shop', 'sessions'],
    ['find', 'shop', 'sessions'],
    ['delete', 'shop', 'sessions'],
  ]);
  expect(tap.commands('update')[0]?.body.updates).toMatchObject([{ q: { _id: 'abc' }, upsert: true }]);
});
