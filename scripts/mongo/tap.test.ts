import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { BSON, type Document } from 'bson';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { ownPort } from './own-port.ts';
import { refusedUri, startTap, type Tap, UNREADABLE } from './tap.ts';

let mongo: EmbeddedMongo;
let tap: Tap;
let client: MongoClient;

beforeEach(async () => {
  mongo = await startEmbedded();
  tap = await startTap(mongo.uri);
  client = await MongoClient.connect(tap.uri);
});
afterEach(async () => {
  await client.close();
  await tap.stop();
  await mongo.stop();
});
const portOf = (uri: string) => Number(new URL(uri).port);
const things = () => client.db('shop').collection<{ _id: number }>('things');

test('commands are recorded in order, without the chatter', async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  await things().find({}, { batchSize: 2 }).toArray();
  await client.db('admin').command({ ping: 1 });
  const seen = tap.commands();
  expect(seen.map(({ name, db, collection }) => `${name} ${db}.${collection}`)).toEqual([
    'insert shop.things',
    'find shop.things',
    'getMore shop.things',
  ]);
  expect(seen[0]?.body.documents).toEqual([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  expect(tap.commands('ping')).toHaveLength(1);
  expect(seen[1]?.at).toBeGreaterThanOrEqual(seen[0]?.at ?? Number.NaN);
  expect(tap.connections).toBeGreaterThan(0);
});

/** An insert whose documents are not in its body but in a section of their own (MongoDB manual, "OP_MSG"). */
function insertBeside(documents: readonly Document[]): Buffer {
  const body = BSON.serialize({ insert: 'things', $db: 'shop' });
  const beside = Buffer.concat([Buffer.from('documents\0'), ...documents.map((one) => BSON.serialize(one))]);
  const message = Buffer.concat([Buffer.alloc(21), body, Buffer.from([1, 0, 0, 0, 0]), beside]);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(2013, 12);
  message.writeInt32LE(beside.length + 4, 22 + body.length);
  return message;
}

test('documents sent beside the body belong to it, for the tap and for the engine', async () => {
  const socket = connect(portOf(tap.uri), '127.0.0.1');
  socket.write(insertBeside([{ _id: 1 }, { _id: 2 }]));
  await once(socket, 'data');
  socket.destroy();
  expect(tap.commands('insert')[0]?.body.documents).toEqual([{ _id: 1 }, { _id: 2 }]);
  expect(await things().distinct('_id')).toEqual([1, 2]);
});

test('seen waits for a command, finds one already there, and forgets', async () => {
  const waiting = tap.seen('insert', 5000);
  await things().insertOne({ _id: 1 });
  expect((await waiting).name).toBe('insert');
  expect((await tap.seen('insert', 0)).body.documents).toEqual([{ _id: 1 }]);
  tap.forget();
  expect(tap.commands()).toEqual([]);
  await things().findOne();
  await expect(tap.seen('insert', 1)).rejects.toThrow(/^No 'insert' within [1-3] ms; seen: find$/);
});

test('bytes that are no command pass all the same, and are on record', async () => {
  const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const { port } = echo.address() as { port: number };
  const other = await startTap(`mongodb://127.0.0.1:${port}/`);
  const socket = connect(portOf(other.uri), '127.0.0.1');
  const sent = Buffer.alloc(5_000_000, 'GET / HTTP/1.1 ');
  socket.end(sent);
  const back = await socket.toArray();
  expect(Buffer.concat(back).equals(sent)).toBe(true);
  expect(other.commands().map(({ name }) => name)).toEqual([UNREADABLE]);
  await other.stop();
  echo.close();
});

test('a target that goes takes its connections along', async () => {
  const socket = connect(portOf(tap.uri), '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket.resume(), 'close');
  await mongo.stop();
  await closed;
  const late = connect(portOf(tap.uri), '127.0.0.1');
  late.on('error', () => {});
  await once(late.resume(), 'close');
});

test('a refused address refuses, belongs to nobody else, and the driver says so', async () => {
  const refused = await refusedUri();
  const asking = new MongoClient(`${refused.uri}?serverSelectionTimeoutMS=300`);
  const started = performance.now();
  await expect(asking.connect()).rejects.toMatchObject({
    name: 'MongoServerSelectionError',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect(performance.now() - started).toBeGreaterThanOrEqual(290);
  const intruder = createServer().listen(portOf(refused.uri), '127.0.0.1');
  expect(await once(intruder, 'error')).toMatchObject([{ code: 'EADDRINUSE' }]);
  await refused.release();
});

test('a refused address is free after its release', async () => {
  // The system may give a free port to another process's connection at once. So one of several must be free.
  const tries = Array.from({ length: 5 }, async () => {
    const refused = await refusedUri();
    await refused.release();
    const free = createServer();
    await ownPort(async () => {
      free.listen(portOf(refused.uri), '127.0.0.1');
      await once(free, 'listening');
    });
    free.close();
  });
  await expect(Promise.any(tries)).resolves.toBeUndefined();
  await Promise.allSettled(tries);
});
