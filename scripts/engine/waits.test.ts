import { Int32, type Long } from 'bson';
import { beforeAll, expect, test } from 'vitest';
import { engineInMemory } from './fixtures/asked.ts';
import { longestBlock } from './fixtures/longest-block.ts';
import type { Items } from './item.ts';
import { compileSort } from './sort.ts';
import { Job, type Steps } from './turns.ts';
import type { Value } from './values.ts';

// No client waits long for another's commands, even with many documents. Blocks are measured in processor time.

const COUNT = 30_000;
const LIMIT = 50;
const { ask, store, turns } = engineInMemory();
const user = (i: number) => `user ${(i * 7919) % COUNT}`;

beforeAll(() => {
  const sessions = store.ensure('shop', 'sessions');
  for (let i = 0; i < COUNT; i++) {
    const fields: [string, Value][] = [
      ['_id', new Int32(i)],
      ['session', new Map([['user', user(i)]])],
      ['n', new Int32(i)],
    ];
    sessions.insert(new Map(fields));
  }
});

const rare = { 'session.user': 'nobody' };
const pipeline = (...stages: object[]) => ({ aggregate: 'sessions', pipeline: stages, cursor: {} });

test.each([
  ['a scan', { find: 'sessions', filter: rare }],
  ['a count', { count: 'sessions', query: rare }],
  ['a count of all', pipeline({ $match: {} }, { $group: { _id: 1, n: { $sum: 1 } } })],
  ['a sort', { find: 'sessions', sort: { 'session.user': 1 } }],
  ['groups', pipeline({ $group: { _id: '$session.user', all: { $push: '$n' } } })],
  ['distinct values', { distinct: 'sessions', key: 'session.user' }],
  ['an update', { update: 'sessions', updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] }],
  ['an expression', { find: 'sessions', filter: { 'session.user': /^(.*)*(.*)* \d+x$/ } }],
  ['a new index', { createIndexes: 'sessions', indexes: [{ key: { n: 1 }, name: 'n_1', unique: true }] }],
])('%s over 30,000 documents blocks nobody', async (_what, command) => {
  const block = await longestBlock(async () => expect(await ask(command)).toMatchObject({ ok: 1 }));
  expect(block).toBeLessThan(LIMIT);
});

test('a ping overtakes many scans', async () => {
  const scans = Array.from({ length: 5 }, () => ask({ find: 'sessions', filter: rare }));
  let done = 0;
  for (const scan of scans) scan.then(() => done++);
  expect(await ask({ ping: 1 })).toEqual({ ok: 1 });
  expect(done).toBe(0);
  await Promise.all(scans);
});

test('a first batch and a count without a filter look at no more than they need', async () => {
  const steps = async (command: object) => {
    const job = new Job();
    let taken = 0;
    Object.defineProperty(job, 'cancelled', {
      get: () => {
        taken++;
        return false;
      },
    });
    await ask(command, job);
    return taken;
  };
  expect(await steps({ find: 'sessions' })).toBeLessThan(250);
  expect(await steps({ count: 'sessions' })).toBeLessThan(5);
  expect(await ask({ count: 'sessions', skip: 10 })).toMatchObject({ n: COUNT - 10 });
});

test('open cursors on everything keep next to nothing', async () => {
  for (let i = 0; i < 100; i++) await ask({ find: 'sessions', batchSize: 1 });
  const before = process.memoryUsage().heapUsed;
  const ids: Long[] = [];
  for (let i = 0; i < 500; i++) ids.push((await ask({ find: 'sessions', batchSize: 1 })).cursor.id);
  expect((process.memoryUsage().heapUsed - before) / 500).toBeLessThan(64 * 1024);
  const [first] = ids as [Long];
  const { cursor } = await ask({ getMore: first, collection: 'sessions', batchSize: 2 });
  expect(cursor.nextBatch.map(({ _id }: { _id: number }) => _id)).toEqual([1, 2]);
  await ask({ killCursors: 'sessions', cursors: ids });
});

test('sorted results are kept as they were found, and bounded', async () => {
  const text = 'x'.repeat(2 ** 20);
  for (let _id = 0; _id < 100; _id++) await ask({ insert: 'large', documents: [{ _id, text }] });
  const sorted = { find: 'large', sort: { _id: -1 }, batchSize: 1 };
  const opened: Long[] = [];
  for (let i = 0; i < 4; i++) opened.push((await ask(sorted)).cursor.id);
  const [first, , , last] = opened as [Long, Long, Long, Long];
  expect(await ask({ getMore: first, collection: 'large' })).toMatchObject({ ok: 0, code: 43 });
  await ask({ update: 'large', updates: [{ q: { _id: 98 }, u: { $set: { text: 'short' } } }] });
  const { cursor } = await ask({ getMore: last, collection: 'large', batchSize: 1 });
  expect(cursor.nextBatch).toEqual([{ _id: 98, text }]);
  await ask({ drop: 'large' });
});

test('a sort keeps what it found without its values', () => {
  const byUser = compileSort(new Map([['session.user', new Int32(1)]]));
  const found = store.collection('shop', 'sessions')?.find(new Map()) as Items;
  let kept = 0;
  // An item that was not decoded is its own `kept`.
  for (const item of byUser.apply(found, { bytes: 0 })) if (item !== undefined && item.kept === item) kept++;
  expect(kept).toBe(COUNT);
});

test('maxTimeMS ends a command with 50, also one that has cursors left', async () => {
  const reply = await ask({ find: 'sessions', filter: rare, maxTimeMS: 1 });
  expect(reply).toMatchObject({ ok: 0, code: 50, codeName: 'MaxTimeMSExpired' });
  const update = { update: 'sessions', updates: [{ q: rare, u: { $inc: { n: 1 } }, multi: true }] };
  expect(await ask({ ...update, maxTimeMS: 1 })).toMatchObject({ ok: 0, code: 50 });
  expect(await ask({ ping: 1, maxTimeMS: 0 })).toEqual({ ok: 1 });
  for (const wrong of [-1, 1.5, 'x', 2 ** 31])
    expect(await ask({ ping: 1, maxTimeMS: wrong })).toMatchObject({ code: 2 });
  const { cursor } = await ask({ find: 'sessions', batchSize: 1, maxTimeMS: 60_000 });
  const more = { getMore: cursor.id, collection: 'sessions', batchSize: 1 };
  expect(await ask({ ...more, maxTimeMS: 5 })).toMatchObject({ code: 2 });
  expect(await ask(more)).toMatchObject({ ok: 1 });
});

test('what nobody waits for any more ends', async () => {
  const job = new Job();
  let settled = false;
  const scan = ask({ find: 'sessions', filter: rare }, job).finally(() => {
    settled = true;
  });
  job.cancelled = true;
  await turns.finish(
    (function* () {
      for (let i = 0; i < 1000; i++) yield;
    })(),
  );
  await ask({ find: 'sessions', filter: rare });
  expect(settled).toBe(false);
  void scan;
});

test('a dropped collection ends what reads it', async () => {
  await ask({ insert: 'gone', documents: [{ _id: 1 }, { _id: 2 }] });
  const { cursor } = await ask({ find: 'gone', batchSize: 1 });
  await ask({ drop: 'gone' });
  expect(await ask({ getMore: cursor.id as Long, collection: 'gone' })).toMatchObject({ code: 175 });
});

test('very many jobs wait beside each other', async () => {
  const COUNT = 150_000;
  let done = 0;
  const work = function* (): Steps<void> {
    yield;
    done++;
  };
  await Promise.all(Array.from({ length: COUNT }, () => turns.finish(work())));
  expect(done).toBe(COUNT);
});
