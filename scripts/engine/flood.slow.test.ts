import { once } from 'node:events';
import { connect } from 'node:net';
import { BSON, type Document } from 'bson';
import { expect, test, vi } from 'vitest';
import { useEngine } from './fixtures/engine.ts';

// Many damaged messages and many open cursors. The weekly run sends 200,000 and opens 8,000.

const MUTATIONS = Number(process.env.WORKSHOP_MUTATIONS ?? 4000);
const CURSORS = Number(process.env.WORKSHOP_CURSORS ?? 500);
const SEED = Number(process.env.WORKSHOP_SEED ?? 1);
vi.setConfig({ testTimeout: 3 * 3_600_000 });

const at = useEngine();

const COMMANDS: readonly Document[] = [
  { ping: 1 },
  {
    hello: 1,
    speculativeAuthenticate: { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: 'x', db: 'admin' },
  },
  { insert: 'x', documents: [{ _id: 1, a: [1, { b: 'text' }], at: new Date(0) }], ordered: false },
  {
    find: 'x',
    filter: { a: { $gt: 1 }, $or: [{ b: /a.*b/i }, { c: { $in: [1, 'x'] } }] },
    sort: { a: 1 },
    projection: { a: { $slice: 1 } },
    limit: 3,
  },
  { update: 'x', updates: [{ q: { _id: 1 }, u: { $set: { 'a.1.b': 2 }, $inc: { n: 1 } }, upsert: true }] },
  { findAndModify: 'x', query: { _id: 1 }, update: [{ $set: { n: { $add: ['$n', 1] } } }], new: true },
  {
    aggregate: 'x',
    pipeline: [{ $match: { a: 1 } }, { $unwind: '$a' }, { $group: { _id: '$a', n: { $sum: 1 } } }],
    cursor: { batchSize: 1 },
  },
  { createIndexes: 'x', indexes: [{ key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 }] },
  { delete: 'x', deletes: [{ q: { a: { $type: 'string' } }, limit: 0 }] },
  { distinct: 'x', key: 'a.b', query: {} },
];

function messageOf(command: Document): Buffer {
  const body = BSON.serialize({ ...command, $db: 'shop', lsid: { id: new BSON.UUID() } });
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

/** Random numbers below a limit, the same ones for a seed (mulberry32). */
function chances(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** The message with changed bytes, or with a piece missing or doubled. */
function damaged(message: Buffer, chance: (limit: number) => number): Buffer {
  const from = chance(message.length);
  const to = from + chance(message.length - from);
  if (chance(5) === 0) return Buffer.concat([message.subarray(0, from), message.subarray(to)]);
  if (chance(5) === 0) return Buffer.concat([message.subarray(0, to), message.subarray(from)]);
  const copy = Buffer.from(message);
  for (let times = 1 + chance(4); times > 0; times--) copy[chance(copy.length)] = chance(256);
  return copy;
}

/** Sends bytes and waits until the server has ended the connection, too. */
async function deliver(bytes: Buffer): Promise<void> {
  const socket = connect(Number(new URL(at.mongo.uri).port), '127.0.0.1');
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.resume().end(bytes);
  await closed;
}

test(`${MUTATIONS} damaged messages harm nobody (seed ${SEED})`, async () => {
  const chance = chances(SEED);
  const messages = COMMANDS.map(messageOf);
  for (let sent = 0; sent < MUTATIONS; sent += 20) {
    const some = Array.from({ length: 20 }, () =>
      damaged(messages[chance(messages.length)] as Buffer, chance),
    );
    await Promise.all(some.map(deliver));
    if (sent % 1000 === 0) expect(await at.client.db('shop').command({ ping: 1 })).toEqual({ ok: 1 });
  }
  await at.client.db('other').collection<Document>('fine').insertOne({ a: 1 });
  expect(await at.client.db('other').collection('fine').countDocuments()).toBe(1);
});

test(`${CURSORS} cursors left open on 20,000 sessions, and 25 sorted ones, keep next to nothing`, async () => {
  const sessions = at.client.db('shop').collection<Document>('sessions');
  for (let from = 0; from < 20_000; from += 10_000)
    await sessions.insertMany(
      Array.from({ length: 10_000 }, (_, i) => ({ n: from + i, text: 'x'.repeat(200) })),
    );
  const open = (more: Document) => at.client.db('shop').command({ find: 'sessions', batchSize: 1, ...more });
  for (let i = 0; i < 100; i++) await open({});
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < CURSORS; i++) await open({});
  expect((process.memoryUsage().heapUsed - before) / CURSORS).toBeLessThan(32 * 1024);
  for (let i = 0; i < 25; i++) await open({ sort: { n: -1 } });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 ** 30);
  expect(await at.client.db('shop').command({ ping: 1 })).toEqual({ ok: 1 });
});
