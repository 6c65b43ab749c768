import { expect, test } from 'vitest';
import type { Cell, Row } from '../shared/figures-table.ts';
import type { Lab } from './lab.ts';
import { measure } from './measure.ts';
import { memory } from './memory.ts';
import { race } from './race.ts';
import { restart } from './restart.ts';
import { size } from './size.ts';
import { speed } from './speed.ts';
import { ttl } from './ttl.ts';

/** Runs a lab with small amounts. It ignores times, because they depend on the machine. */
async function measured<Plan>(lab: Lab<Plan>, plan: Plan) {
  const tiny = { ...lab, quick: plan } as Lab;
  const signal = new AbortController().signal;
  const { result, error } = await measure(tiny, { size: 'quick', signal, progress: () => {} });
  if (error !== undefined) throw error;
  expect(result.complete).toBe(true);
  for (const row of result.rows) for (const { key } of lab.columns) expect(row).toHaveProperty([key]);
  for (const plan of lab.charts) {
    for (const key of [plan.x, plan.y, plan.series]) expect(result.rows[0]).toHaveProperty([key]);
  }
  return result;
}

const where = (rows: readonly Row[], cells: Record<string, Cell | undefined>) =>
  rows.filter((row) => Object.entries(cells).every(([key, cell]) => row[key] === cell));

/** The stores of a result: three without a Redis, which a note mentions. */
function storesIn({ rows, notes }: { rows: readonly Row[]; notes: readonly string[] }) {
  const stores = [...new Set(rows.map(({ store }) => store))];
  const withRedis = !notes.some((note) => note.startsWith('connect-redis was left out'));
  const three = ['MemoryStore', 'connect-mongodb-session', 'connect-mongo'];
  expect(stores).toEqual(withRedis ? [...three, 'connect-redis'] : three);
  return stores;
}

test.concurrent('restart: MemoryStore loses all, every other store nothing', async () => {
  const result = await measured(restart, { shoppers: 3, endings: ['killed, as by a crash'] });
  for (const store of storesIn(result)) {
    const [row] = where(result.rows, { store });
    expect(row).toMatchObject({ shoppers: 3, kept: store === 'MemoryStore' ? 0 : 3 });
  }
});

test.concurrent('memory: MemoryStore grows, keeps what has expired, and dies; in MongoDB a sweep removes it', async () => {
  const plan = { counts: [4000], expired: 300, heapMb: 16, step: 4000 };
  const { rows, notes } = await measured(memory, plan);
  const growth = where(rows, { store: 'MemoryStore', state: 'alive' }).map(({ heapMb }) => Number(heapMb));
  // 4,000 sessions are more than half a megabyte of text.
  expect((growth[1] ?? 0) - (growth[0] ?? 0)).toBeGreaterThan(0.5);
  expect(where(rows, { sessions: 300 }).map(({ state, kept }) => [state, kept])).toEqual([
    ['expired', 300],
    ['expired, each asked for once', 0],
    ['expired, after a TTL sweep', 0],
  ]);
  expect(rows.at(-1)).toMatchObject({ state: 'alive, until it died at 16 MB' });
  expect(notes.join()).toMatch(/held [\d,]+ sessions, and died/);
});

test.concurrent('ttl: with the index the living are left, without it there are only more', async () => {
  const { rows } = await measured(ttl, { hours: 10, visitors: 3, every: 2 });
  const documents = (index: string) => where(rows, { index }).map((row) => row.documents);
  expect(documents('with')).toEqual([6, 12, 18, 18, 18]);
  expect(documents('without')).toEqual([6, 12, 18, 24, 30]);
  expect(rows.map(({ alive }) => alive)).toEqual([6, 6, 12, 12, 18, 18, 18, 18, 18, 18]);
});

test.concurrent('race: wrong pages come with late writes, and never after save()', async () => {
  const { rows } = await measured(race, { latencies: [1500], tries: 1 });
  const wrong = (redirect: string) =>
    where(rows, { redirect }).reduce((sum, row) => sum + Number(row.wrong), 0);
  expect(wrong('at once')).toBeGreaterThan(0);
  expect(wrong('after save()')).toBe(0);
});

test.concurrent('size: the document grows with what is in the session', async () => {
  const { rows } = await measured(size, { ballast: [100, 10_000], requests: 3, rounds: 1 });
  const [small, large] = where(rows, { store: 'connect-mongodb-session' }).map((row) => Number(row.document));
  expect(small).toBeGreaterThan(200);
  expect((large ?? 0) - (small ?? 0)).toBeGreaterThan(9_000);
  for (const { readMs, writeMs } of rows)
    expect(Math.min(Number(readMs), Number(writeMs))).toBeGreaterThan(0);
});

test.concurrent('speed: what each store asks its database', async () => {
  const result = await measured(speed, { shoppers: 2, requests: 6, rounds: 1 });
  const asked = storesIn(result).map((store) => [
    store,
    ...where(result.rows, { store }).map(({ commands }) => commands),
  ]);
  expect(asked).toEqual(
    [
      ['MemoryStore', null, null],
      ['connect-mongodb-session', 'find', 'find, update'],
      ['connect-mongo', 'find, update', 'find, update'],
      ['connect-redis', 'expire, get', 'get, set'],
    ].slice(0, asked.length),
  );
  for (const { perSecond, p50, p99 } of result.rows) {
    expect(perSecond).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(Number(p50));
  }
});
