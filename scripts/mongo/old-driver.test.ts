import { once } from 'node:events';
import { connect } from 'node:net';
import { BSON, type Document } from 'bson';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { startTap, type Tap } from './tap.ts';

let mongo: EmbeddedMongo;
let tap: Tap;
beforeEach(async () => {
  mongo = await startEmbedded();
  tap = await startTap(mongo.uri, { oldDrivers: true });
});
afterEach(async () => {
  await tap.stop();
  await mongo.stop();
});

/** The only document of the OP_REPLY to a command that is sent as OP_QUERY. */
async function asked(command: Document): Promise<Document> {
  const name = Buffer.from('shop.$cmd\0');
  const body = BSON.serialize(command);
  const bytes = Buffer.concat([Buffer.alloc(20), name, Buffer.from([0, 0, 0, 0, 255, 255, 255, 255]), body]);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(7, 4);
  bytes.writeInt32LE(2004, 12);
  const socket = connect(Number(new URL(tap.uri).port), '127.0.0.1');
  socket.write(bytes);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect([answer.readInt32LE(8), answer.readInt32LE(12), answer.readInt32LE(32)]).toEqual([7, 1, 1]);
  return BSON.deserialize(answer.subarray(36));
}

it('a command of an old driver is done, recorded and answered as the driver reads it', async () => {
  expect(await asked({ insert: 'things', documents: [{ _id: 1 }] })).toMatchObject({ n: 1, ok: 1 });
  const found = await asked({ $query: { find: 'things', filter: {} }, $readPreference: { mode: 'nearest' } });
  expect(found.cursor.firstBatch).toEqual([{ _id: 1 }]);
  expect(await asked({ ismaster: 1 })).toMatchObject({ ismaster: true });
  expect(tap.commands().map(({ name, db, collection }) => `${name} ${db}.${collection}`)).toEqual([
    'insert shop.things',
    'find shop.things',
  ]);
});

it('an error that is played has the form of the driver, too', async () => {
  tap.fail('find', { code: 13, codeName: 'Unauthorized', message: 'no', db: 'shop' });
  expect(await asked({ find: 'things' })).toMatchObject({ ok: 0, code: 13 });
});
