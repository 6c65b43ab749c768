import connectMongoDBSession from 'connect-mongodb-session';
import session from 'express-session';
import type { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { limitNow } from '../shared/fair-time.ts';
import { startTap, type Tap } from './tap.ts';

const MongoDBStore = connectMongoDBSession(session);
type Store = InstanceType<typeof MongoDBStore>;

let mongo: EmbeddedMongo;
let tap: Tap;
let store: Store | undefined;

beforeEach(async () => {
  mongo = await startEmbedded();
  tap = await startTap(mongo.uri);
});
afterEach(async () => {
  await (store as unknown as { client: MongoClient } | undefined)?.client.close();
  store = undefined;
  await tap.stop();
  await mongo.stop();
});

/** A store like a shop's, with other limits. Without an 'error' listener some of its errors would be uncaught. */
const open = (options = '') =>
  new Promise<Store>((resolve, reject) => {
    const ms = limitNow(300);
    const limits = `serverSelectionTimeoutMS=${ms}&socketTimeoutMS=${ms}&heartbeatFrequencyMS=500`;
    const uri = `${tap.uri}shop?${limits}${options}`;
    const opened = new MongoDBStore({ uri, collection: 'sessions' }, (error) =>
      error ? reject(error) : resolve(opened),
    );
    opened.on('error', () => {});
    store = opened;
  });
const data = { cookie: { originalMaxAge: 60_000 }, cart: ['tea'] } as unknown as session.SessionData;
const set = (sid: string) =>
  new Promise<string>((resolve) => store?.set(sid, data, (error?: unknown) => resolve(said(error))));
const get = (sid: string) =>
  new Promise<unknown>((resolve) =>
    store?.get(sid, (error: unknown, found?: unknown) => resolve(error ? said(error) : (found ?? null))),
  );
const said = (error: unknown) => (error instanceof Error ? error.message : 'stored');
const recovers = (sid: string) => expect.poll(() => set(sid)).toBe('stored');

test.each([
  ['refuse', /ECONNREFUSED/, () => tap.refuse()],
  ['hang', /timed out/, async () => tap.hang()],
  ['fail', /as planned/, async () => tap.fail('update', { code: 11600, message: 'as planned' })],
  ['dropAt', /connection \d+ to .* closed/, async () => tap.dropAt('update')],
] as const)('%s: the store tells, and recovers by itself', async (_mood, words, start) => {
  await open();
  expect(await set('one')).toBe('stored');
  await start();
  expect(await set('two')).toMatch(words);
  await tap.behave();
  await recovers('three');
  expect(await get('two')).toBeNull();
  expect(await get('three')).toMatchObject({ cart: ['tea'] });
});

test('a deployment without retryable writes: the store stores once the URI says retryWrites=false', async () => {
  tap.refuseRetryableWrites();
  await open();
  expect(await set('one')).toMatch(/does not support retryable writes\. Please add retryWrites=false/);
  await (store as unknown as { client: MongoClient }).client.close();
  await open('&retryWrites=false');
  expect(await set('one')).toBe('stored');
  expect(await get('one')).toMatchObject({ cart: ['tea'] });
});

test('a deployment that is down at the start: the callback says so', async () => {
  await tap.refuse();
  await expect(open()).rejects.toThrow(/ECONNREFUSED/);
});
