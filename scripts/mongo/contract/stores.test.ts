import { once } from 'node:events';
import MongoStore from 'connect-mongo';
import connectMongoDBSession from 'connect-mongodb-session';
import session, { type SessionData, type Store } from 'express-session';
import type { Document, MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTap, type Tap } from '../tap.ts';
import { onEngine } from './engine.ts';

// The stores have their own clients, whose commands a second engine does not get.
const engine = onEngine({}, { alone: true });
let tap: Tap;
let store: Store;
let close: () => Promise<void>;
beforeEach(async () => {
  tap = await startTap(engine.uri);
});
afterEach(async () => {
  await close();
  await tap.stop();
});

const sessions = () => engine.db.collection<Document & { _id: string }>('sessions');
const data = (cart: string[], maxAge = 60_000) =>
  ({
    cookie: { originalMaxAge: maxAge, expires: new Date(Date.now() + maxAge) },
    cart,
  }) as unknown as SessionData;

/** A store's method with a callback as a promise. */
const done = <T>(run: (callback: (error?: unknown, value?: T) => void) => void) =>
  new Promise<T | undefined>((resolve, reject) =>
    run((error, value) => (error ? reject(error) : resolve(value))),
  );
const set = (sid: string, what: SessionData) => done((callback) => store.set(sid, what, callback));
const get = (sid: string) => done<SessionData | null>((callback) => store.get(sid, callback));
const destroy = (sid: string) => done((callback) => store.destroy(sid, callback));
const sent = () => tap.commands().map(({ name, collection }) => [name, collection]);

describe('connect-mongodb-session', () => {
  const MongoDBStore = connectMongoDBSession(session);
  beforeEach(async () => {
    const options = { uri: `${tap.uri}${engine.db.databaseName}`, collection: 'sessions' };
    const opened = await new Promise<InstanceType<typeof MongoDBStore>>((resolve, reject) => {
      const opening = new MongoDBStore(options, (error) => (error ? reject(error) : resolve(opening)));
    });
    store = opened;
    close = () => (opened as unknown as { client: MongoClient }).client.close();
  });

  test('set, get and destroy keep one document, with an update, a find and a delete', async () => {
    tap.forget();
    await set('abc', data(['tea']));
    expect(await get('abc')).toMatchObject({ cart: ['tea'] });
    await destroy('abc');
    const names = sent();
    expect(names).toEqual([
      ['update', 'sessions'],
      ['find', 'sessions'],
      ['delete', 'sessions'],
    ]);
    expect(tap.commands('update')[0]?.body.updates).toMatchObject([{ q: { _id: 'abc' }, upsert: true }]);
    expect(await sessions().countDocuments()).toBe(0);
    expect(await get('abc')).toBeUndefined();
  });

  test('a second save changes the document that is there', async () => {
    await set('abc', data(['tea']));
    await set('abc', data(['tea', 'mug']));
    expect(await sessions().find().toArray()).toEqual([
      { _id: 'abc', expires: expect.any(Date), session: expect.objectContaining({ cart: ['tea', 'mug'] }) },
    ]);
  });

  test('it makes its TTL index', async () => {
    expect(await sessions().indexes()).toContainEqual({
      v: 2,
      key: { expires: 1 },
      name: 'expires_1',
      expireAfterSeconds: 0,
    });
  });

  test('an expired session is refused', async () => {
    await set('old', data(['tea'], -1000));
    expect(await get('old')).toBeUndefined();
  });

  test('clear deletes all', async () => {
    await set('a', data([]));
    await set('b', data([]));
    await done((callback) => store.clear?.(callback));
    expect(await sessions().countDocuments()).toBe(0);
  });
});

describe('connect-mongo', () => {
  beforeEach(async () => {
    const opened = MongoStore.create({ mongoUrl: `${tap.uri}${engine.db.databaseName}`, stringify: false });
    // It makes its index meanwhile: without this wait a test would race against that.
    await expect
      .poll(() =>
        sessions()
          .indexes()
          .catch(() => []),
      )
      .toHaveLength(2);
    store = opened;
    close = () => opened.close();
  });

  test('set, get, touch and destroy keep one document', async () => {
    expect(await get('abc')).toBeNull();
    const created = once(store, 'create');
    await set('abc', data(['tea']));
    expect(await created).toEqual(['abc']);
    await set('abc', data(['tea', 'mug']));
    expect(await get('abc')).toMatchObject({ cart: ['tea', 'mug'] });
    const [before] = await sessions().find().toArray();
    await done((callback) => store.touch?.('abc', data([], 3_600_000), () => callback()));
    const [after] = await sessions().find().toArray();
    expect(after?.expires.getTime()).toBeGreaterThan(before?.expires.getTime());
    expect(after?.session.cart).toEqual(['tea', 'mug']);
    await destroy('abc');
    expect(await sessions().countDocuments()).toBe(0);
  });

  test('length and all see every session, clear deletes them', async () => {
    await set('a', data(['tea']));
    await set('b', data(['mug']));
    expect(await done((callback) => store.length?.(callback))).toBe(2);
    const all = (await done<SessionData[]>((callback) => store.all?.(callback as never))) ?? [];
    expect(all.map((one) => (one as unknown as Document).cart).sort()).toEqual([['mug'], ['tea']]);
    await done((callback) => store.clear?.(callback));
    expect(await sessions().countDocuments()).toBe(0);
  });
});
