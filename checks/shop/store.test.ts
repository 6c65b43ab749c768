import type { Request } from 'express';
import type { SessionData } from 'express-session';
import session from 'express-session';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Mongo, startMongo } from '../../scripts/mongo/index.ts';
import { startTap, type Tap } from '../../scripts/mongo/tap.ts';
import { type Database, openDatabase } from '../../solutions/shop/database.ts';

const SECRET_THING = 'what the shopper wrote';
const NO_RIGHTS = { code: 13, message: 'not authorized' };
const ID = 'an-id';

let mongo: Mongo;
let tap: Tap;
let database: Database;
beforeAll(async () => {
  mongo = await startMongo();
  tap = await startTap(mongo.uri);
  database = openDatabase(
    { mongodbUri: `${tap.uri}shop`, sessionSecret: '', databaseTimeoutMs: 10_000 },
    pino({ enabled: false }),
  );
  await database.prepare();
});
beforeEach(async () => {
  await database.store.sessions.deleteMany({});
});
afterAll(async () => {
  await database.close();
  await tap.stop();
  await mongo.stop();
});

/** A new session, as a request without a cookie has it. */
function newSession(maxAge = 60_000 * 30) {
  const cookie = new session.Cookie();
  cookie.maxAge = maxAge;
  return { cookie, packingNote: SECRET_THING } as SessionData;
}

/** A loaded session, as a request with its cookie has it. */
async function load(id = ID) {
  const data = await ask<SessionData>((done) => database.store.get(id, done));
  return database.store.createSession({ sessionID: id } as Request, data);
}

function ask<T>(call: (done: (error?: unknown, value?: T | null) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    call((error, value) => (error ? reject(error) : resolve(value as T))),
  );
}

const stored = () => database.store.sessions.findOne({ _id: ID });

describe('a session that is signed out while a request works on it', () => {
  it('is not brought back by that request', async () => {
    await ask((done) => database.store.set(ID, newSession(), done));
    const inUse = await load();
    await database.store.sessions.deleteOne({ _id: ID });
    inUse.cart = [{ productId: 'mug', quantity: 1 }];
    await expect(ask((done) => database.store.set(ID, inUse, done))).rejects.toMatchObject({
      name: 'SessionEnded',
      status: 401,
    });
    await ask((done) => database.store.touch(ID, inUse, done));
    expect(await stored()).toBeNull();
  });

  it('is not brought back by the request that made it, either', async () => {
    const made = newSession();
    await ask((done) => database.store.set(ID, made, done));
    await database.store.sessions.deleteOne({ _id: ID });
    await expect(ask((done) => database.store.set(ID, made, done))).rejects.toMatchObject({ status: 401 });
    expect(await stored()).toBeNull();
  });

  it('is stored as connect-mongodb-session stores it, while it is there', async () => {
    await ask((done) => database.store.set(ID, newSession(), done));
    const made = await stored();
    const inUse = await load();
    await ask((done) => database.store.set(ID, inUse, done));
    expect(await stored()).toEqual(made);
  });
});

describe('an error of the store', () => {
  it.each([
    ['find', (done: () => void) => database.store.get(ID, done)],
    ['update', (done: () => void) => database.store.set(ID, newSession(), done)],
    ['delete', (done: () => void) => database.store.destroy(ID, done)],
  ] as const)(
    'of %s says that it failed, and quotes neither the ID nor the session',
    async (command, call) => {
      tap.fail(command, NO_RIGHTS);
      const error = await ask(call).catch((caught: Error) => caught);
      expect(error).toMatchObject({ name: 'StoreFailed', status: 503 });
      expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toMatch(
        new RegExp(`${ID}|${SECRET_THING}`),
      );
    },
  );

  it('of an update of a session that was loaded is one like it', async () => {
    await ask((done) => database.store.set(ID, newSession(), done));
    const inUse = await load();
    tap.fail('update', NO_RIGHTS);
    await expect(ask((done) => database.store.set(ID, inUse, done))).rejects.toMatchObject({ status: 503 });
  });

  it('of a touch is none: the page was right, and the next one tries again', async () => {
    await ask((done) => database.store.set(ID, newSession(1000), done));
    const inUse = await load();
    inUse.cookie.maxAge = 60_000 * 30;
    tap.fail('update', NO_RIGHTS);
    await ask((done) => database.store.touch(ID, inUse, done));
    await ask((done) => database.store.touch(ID, inUse, done));
    expect(Number((await stored())?.expires)).toBeGreaterThan(Date.now() + 60_000);
  });
});

it('stores no session over 4096 bytes', async () => {
  const large = { ...newSession(), packingNote: '€'.repeat(1400) };
  await expect(ask((done) => database.store.set(ID, large, done))).rejects.toMatchObject({ status: 413 });
  expect(await stored()).toBeNull();
});

it('has the indexes that its questions need', async () => {
  const { store, users, orders } = database;
  const keys = async (collection: { indexes(): Promise<{ key: object; unique?: boolean }[]> }) =>
    (await collection.indexes()).map(({ key }) => key);
  expect(await keys(store.sessions)).toEqual([{ _id: 1 }, { expires: 1 }, { 'session.userId': 1 }]);
  expect(await keys(orders)).toEqual([{ _id: 1 }, { userId: 1, placedAt: -1 }]);
  expect(await users.indexes()).toContainEqual(expect.objectContaining({ key: { email: 1 }, unique: true }));
});
