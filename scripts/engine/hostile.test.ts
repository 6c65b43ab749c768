import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BSON, type Document } from 'bson';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from './server.ts';
import { Framer, MAX_MESSAGE } from './wire.ts';

let mongo: EmbeddedMongo;
beforeEach(async () => {
  mongo = await startEmbedded();
});
afterEach(() => mongo.stop());

async function dial(): Promise<Socket> {
  const socket = connect(Number(new URL(mongo.uri).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** An OP_MSG with one body. The other parameters break it. */
function message(
  body: Uint8Array,
  { flags = 0, opcode = 2013, kind = 0, length = body.length + 21 } = {},
): Buffer {
  const head = Buffer.alloc(21);
  head.writeInt32LE(length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(opcode, 12);
  head.writeUInt32LE(flags, 16);
  head.writeUInt8(kind, 20);
  return Buffer.concat([head, body]);
}

const ping = BSON.serialize({ ping: 1, $db: 'admin' });
const corrupt = (at: number, byte: number) =>
  Uint8Array.from(ping, (old, index) => (index === at ? byte : old));
/** A find whose filter is nested 5,000 deep. Its bytes are put together here: the library would run out of stack. */
const deep = () => {
  let filter = BSON.serialize({});
  for (let i = 0; i < 5000; i++) filter = wrapped('d', filter);
  const find = BSON.serialize({ find: 'a', $db: 'shop' });
  const field = wrapped('filter', filter).subarray(4, -1);
  const bytes = Buffer.concat([find.subarray(0, -1), field, Buffer.alloc(1)]);
  bytes.writeInt32LE(bytes.length);
  return bytes;
};
/** The bytes of a document with one field that is a document. */
function wrapped(name: string, inner: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(`\x03${name}\0`), inner, Buffer.alloc(1)]);
  bytes.writeInt32LE(bytes.length);
  return bytes;
}

async function nextReply(socket: Socket): Promise<Document> {
  const framer = new Framer();
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    const [reply] = framer.push(chunk as Buffer);
    if (reply) return BSON.deserialize(reply.subarray(21));
  }
  throw new Error('the connection ended without a reply');
}

const endings: [string, () => Uint8Array][] = [
  ['an HTTP request', () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ['a negative length', () => message(ping, { length: -1 })],
  ['a length below the header', () => message(ping, { length: 15 })],
  ['a length over the limit', () => message(ping, { length: MAX_MESSAGE + 1 })],
  ['an unknown opcode', () => message(ping, { opcode: 2002 })],
  ['an unknown required flag', () => message(ping, { flags: 4 })],
  ['an unknown section', () => message(ping, { kind: 9 })],
  ['a message without a body', () => message(ping, { length: 20 }).subarray(0, 20)],
  ['a document longer than its message', () => message(corrupt(0, 200))],
  ['a document shorter than its content', () => message(corrupt(0, 8))],
  ['an unknown BSON type', () => message(corrupt(4, 0x55))],
  ['a text that is not UTF-8', () => message(corrupt(ping.length - 4, 0xff))],
  ['a sequence without an end', () => message(Buffer.from([9, 0, 0, 0, 65, 65, 65, 65, 65]), { kind: 1 })],
  ['random bytes', () => Buffer.concat([Buffer.from([40, 0, 0, 0]), randomBytes(64)])],
];

test.each(endings)('%s end that connection and no other', async (_what, bytes) => {
  const socket = await dial();
  const closed = once(socket, 'close');
  socket.resume().write(bytes());
  await closed;
  const other = await dial();
  other.write(message(ping));
  expect(await nextReply(other)).toMatchObject({ ok: 1 });
  other.destroy();
});

test('half a message keeps no one waiting, and its other half completes it', async () => {
  const [slow, other] = [await dial(), await dial()];
  const whole = message(ping);
  slow.write(whole.subarray(0, 3));
  other.write(whole);
  expect(await nextReply(other)).toMatchObject({ ok: 1 });
  slow.write(whole.subarray(3));
  expect(await nextReply(slow)).toMatchObject({ ok: 1 });
  slow.destroy();
  other.destroy();
});

test('documents nested too deep are refused with 15', async () => {
  const socket = await dial();
  socket.write(message(deep()));
  expect(await nextReply(socket)).toMatchObject({ ok: 0, code: 15, codeName: 'Overflow' });
  socket.destroy();
});

test('a document that an update would nest too deep to be read again is refused with 15', async () => {
  const client = await MongoClient.connect(mongo.uri);
  const things = client.db('shop').collection<{ _id: number }>('things');
  await things.insertOne({ _id: 1 });
  const at = (levels: number) => Array.from({ length: levels - 1 }, () => 'a').join('.');
  await expect(things.updateOne({}, { $set: { [at(182)]: 1 } })).rejects.toMatchObject({ code: 15 });
  await things.updateOne({}, { $set: { [at(180)]: 1 } });
  expect(await things.countDocuments({ [at(180)]: 1 })).toBe(1);
  await client.close();
});

test('a message with moreToCome gets no reply: the next reply is the next command’s', async () => {
  const socket = await dial();
  const insert = BSON.serialize({ insert: 'a', documents: [{ _id: 1 }], $db: 'shop' });
  socket.write(
    Buffer.concat([message(insert, { flags: 2 }), message(BSON.serialize({ count: 'a', $db: 'shop' }))]),
  );
  expect(await nextReply(socket)).toEqual({ n: 1, ok: 1 });
  socket.destroy();
});

test('a document over 16 MiB is refused with 10334', async () => {
  const socket = await dial();
  BSON.setInternalBufferSize(20_000_000);
  const big = { insert: 'a', documents: [{ _id: 1, text: 'x'.repeat(16 * 1024 * 1024) }], $db: 'shop' };
  socket.write(message(BSON.serialize(big)));
  expect(await nextReply(socket)).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 10334 }] });
  socket.destroy();
});

test('a batch never outgrows a message, and all of it arrives', async () => {
  const client = await MongoClient.connect(mongo.uri);
  const text = 'x'.repeat(15 * 1024 * 1024);
  const things = client.db('shop').collection<{ _id: number; text: string }>('things');
  for (const _id of [1, 2, 3]) await things.insertOne({ _id, text });
  expect((await things.find().toArray()).map((one) => one.text.length)).toEqual([
    text.length,
    text.length,
    text.length,
  ]);
  await client.close();
});

test('messages are framed however the network cuts them', () => {
  const stream = Buffer.concat([message(ping), message(ping), message(ping)]);
  for (const size of [1, 2, 15, 17, 100, stream.length]) {
    const framer = new Framer();
    const whole: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size)
      whole.push(...framer.push(stream.subarray(at, at + size)));
    expect(Buffer.concat(whole).equals(stream)).toBe(true);
    expect(whole).toHaveLength(3);
  }
});
