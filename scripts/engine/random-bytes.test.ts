import { once } from 'node:events';
import { connect } from 'node:net';
import { BSON, type Document, Long } from 'bson';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from './server.ts';

// One server for all: an earlier stream must not harm a later client. An uncaught error of the server fails the run.
let mongo: EmbeddedMongo;
let client: MongoClient;
beforeAll(async () => {
  mongo = await startEmbedded();
  client = await MongoClient.connect(mongo.uri);
  await client.db('shop').collection('kept').insertOne({ text: 'tea' });
});
afterAll(async () => {
  await client.close();
  await mongo.stop();
});

/** fast-check prints the seed and the smallest example of a failure. */
const RUNS = { numRuns: 400, interruptAfterTimeLimit: 3000 };

/** Sends a stream on a connection of its own and waits until the server has read all of it and has closed the connection. */
async function send(bytes: Uint8Array): Promise<void> {
  const socket = connect(Number(new URL(mongo.uri).port), '127.0.0.1');
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.resume().end(bytes);
  await closed;
}

async function expectServed(): Promise<void> {
  expect(await client.db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });
}

/** A message of any opcode: its header, and what follows. */
function message(opcode: number, ...sections: Uint8Array[]): Buffer {
  const body = Buffer.concat(sections);
  const head = Buffer.alloc(16);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, body]);
}

const flags = Buffer.alloc(4);
const body = (command: Document) =>
  Buffer.concat([Buffer.from([0]), BSON.serialize({ ...command, $db: 'random' })]);
const sequence = (name: string, documents: Document[]) => {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((one) => BSON.serialize(one))]);
  const head = Buffer.from([1, 0, 0, 0, 0]);
  head.writeInt32LE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};

/** Messages as drivers send them. */
const valid = [
  message(2004, flags, Buffer.from('admin.$cmd\0'), Buffer.alloc(8), BSON.serialize({ isMaster: 1 })),
  message(2013, flags, body({ hello: 1, client: { driver: { name: 'nodejs' } } })),
  message(
    2013,
    flags,
    body({ insert: 'a' }),
    sequence('documents', [{ _id: 1, a: [1, { b: 2 }] }, { d: new Date(0) }]),
  ),
  message(
    2013,
    flags,
    body({ update: 'a' }),
    sequence('updates', [{ q: { _id: 1 }, u: { $set: { 'a.1.b': 3 } }, upsert: true }]),
  ),
  message(2013, flags, body({ find: 'a', filter: { 'a.b': { $gt: 1 } }, sort: { a: -1 }, limit: 3 })),
  message(
    2013,
    flags,
    body({ aggregate: 'a', pipeline: [{ $match: { a: { $in: [1, null] } } }], cursor: {} }),
  ),
  message(
    2013,
    flags,
    body({ createIndexes: 'a', indexes: [{ key: { d: 1 }, name: 'd_1', expireAfterSeconds: 9 }] }),
  ),
  message(2013, flags, body({ getMore: Long.fromNumber(1), collection: 'a' })),
  message(2013, flags, body({ delete: 'a' }), sequence('deletes', [{ q: { a: 1 }, limit: 0 }])),
];

interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly insert: Uint8Array;
}

/** Removes and inserts a few bytes at a position. */
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(300),
  cut: fc.nat(4),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom([0], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80], [5, 0, 0, 0, 0])
      .map((bytes) => Uint8Array.from(bytes)),
  ),
});

/** Half of them get the right length again, so that the server reads their contents. */
function mutated(original: Buffer, mutations: readonly Mutation[], measured: boolean): Buffer {
  const bytes = mutations.reduce((before, { at, cut, insert }) => {
    const place = at % (before.length + 1);
    return Buffer.concat([before.subarray(0, place), insert, before.subarray(place + cut)]);
  }, original);
  if (measured && bytes.length >= 4) bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

test('whatever bytes come, the next client is served', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
    await send(bytes);
    await expectServed();
  });
  await fc.assert(property, RUNS);
});

test('whatever a broken client makes of a message, the next client is served and other data is as it was', async () => {
  const streams = fc
    .tuple(fc.constantFrom(...valid), fc.array(mutation, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([original, mutations, measured]) => mutated(original, mutations, measured));
  const property = fc.asyncProperty(fc.array(streams, { minLength: 1, maxLength: 3 }), async (several) => {
    await send(Buffer.concat(several));
    await expectServed();
  });
  await fc.assert(property, RUNS);
  expect(await client.db('shop').collection('kept').find().toArray()).toMatchObject([{ text: 'tea' }]);
});

test('the messages that are mutated are whole and understood', async () => {
  // On a server of its own: a mutated message may have made an index that conflicts.
  const fresh = await startEmbedded();
  onTestFinished(() => fresh.stop());
  for (const bytes of valid) {
    const socket = connect(Number(new URL(fresh.uri).port), '127.0.0.1');
    socket.write(bytes);
    const [reply] = await once(socket, 'data');
    socket.destroy();
    const head = bytes.readInt32LE(12) === 2004 ? 36 : 21;
    const answer = BSON.deserialize((reply as Buffer).subarray(head));
    expect(answer.ok === 1 || answer.codeName === 'CursorNotFound', JSON.stringify(answer)).toBe(true);
  }
});
