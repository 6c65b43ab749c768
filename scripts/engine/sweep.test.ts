import { expect, onTestFinished, test, vi } from 'vitest';
import type { Collection } from './collection.ts';
import { Cursors } from './cursors.ts';
import { longestBlock } from './fixtures/longest-block.ts';
import { Store } from './store.ts';
import { startTtlSweep } from './ttl-sweep.ts';
import { Turns } from './turns.ts';
import type { Value } from './values.ts';

// Filling takes a while on a busy machine.
const DUE = Date.UTC(2020, 0, 1);
const turns = new Turns();
const sweep = (store: Store, now = NOW) => turns.finish(store.sweep(now));
const all = (collection: Collection) => [...collection.find(new Map())].flatMap((item) => item ?? []);
const LATER = Date.UTC(2099, 0, 1);
const NOW = new Date(DUE + 1000);

/** A collection with a TTL index and `count` sessions, the first `due` of them expired. */
function filled(store: Store, name: string, count: number, due: number): Collection {
  const collection = store.ensure('shop', name);
  const key = new Map<string, Value>([['expires', 1 as unknown as Value]]);
  for (const _step of collection.indexes.create({
    name: 'expires_1',
    key,
    unique: false,
    expireAfterSeconds: 0,
  }));
  for (let i = 0; i < count; i++) insert(collection, i, i < due ? DUE : LATER);
  return collection;
}
const insert = (collection: Collection, i: number, expires: number) => {
  const session: Value = new Map([['cart', [`tea ${i}`, 'mug']]]);
  const fields: [string, Value][] = [
    ['_id', `session-${i}`],
    ['expires', new Date(expires)],
    ['session', session],
  ];
  collection.insert(new Map(fields));
};

test('100,000 due documents go without blocking anybody for 50 ms', async () => {
  const store = new Store();
  const sessions = filled(store, 'sessions', 100_100, 100_000);
  let deleted = 0;
  const block = await longestBlock(async () => {
    deleted = await sweep(store);
  });
  expect(deleted).toBe(100_000);
  expect(sessions.size).toBe(100);
  expect(block).toBeLessThan(50);
  expect(await sweep(store)).toBe(0);
  expect(await sweep(store, new Date(LATER))).toBe(100);
});

test('what comes, moves and goes during a sweep is seen as it is', async () => {
  const store = new Store();
  const sessions = filled(store, 'sessions', 20_000, 20_000);
  const sweeping = sweep(store);
  // The first step has ended here; these changes come before the second.
  const moved = all(sessions).at(-1);
  if (moved) sessions.replace(moved, new Map([...moved.doc, ['expires', new Date(LATER)]]));
  insert(sessions, 20_000, DUE);
  insert(sessions, 20_001, LATER);
  expect(await sweeping).toBe(20_000);
  expect(all(sessions).map(({ doc }) => doc.get('_id'))).toEqual([moved?.doc.get('_id'), 'session-20001']);
  expect(await sweep(store, new Date(LATER - 1))).toBe(0);
  expect(await sweep(store, new Date(LATER))).toBe(2);
});

test('an index dropped during a sweep deletes no more', async () => {
  const store = new Store();
  const sessions = filled(store, 'sessions', 20_000, 20_000);
  const sweeping = sweep(store);
  sessions.indexes.drop(['expires_1']);
  const left = sessions.size;
  expect(left).toBeGreaterThan(0);
  expect(await sweeping).toBe(20_000 - left);
  expect(sessions.size).toBe(left);
});

test('two sweeps at once delete each document once, and both wait until all is gone', async () => {
  const store = new Store();
  const sessions = filled(store, 'sessions', 20_000, 20_000);
  const [one, other] = [sweep(store), sweep(store)];
  await Promise.race([one, other]);
  expect(sessions.size).toBe(0);
  expect((await one) + (await other)).toBe(20_000);
});

test.each([
  [true, 0],
  [false, 1],
])('an engine that sweeps by itself: %s', async (sweepsItself, left) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = new Store();
  const collection = filled(store, 'sessions', 1, 1);
  const stopSweep = startTtlSweep({ store, cursors: new Cursors(), turns }, sweepsItself);
  onTestFinished(stopSweep);
  vi.advanceTimersByTime(60_000);
  // Both run in turns: a sweep that began earlier has ended, too.
  const other = new Store();
  filled(other, 'sessions', 1, 1);
  await sweep(other);
  expect(collection.size).toBe(left);
});
