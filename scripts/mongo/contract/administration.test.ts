import { type Document, Long, MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

const engine = onEngine();

test('hello describes a standalone server', async () => {
  const hello = await engine.db.command({ hello: 1 });
  expect(hello).toMatchObject({
    isWritablePrimary: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    readOnly: false,
    ok: 1,
  });
  expect(hello).not.toHaveProperty('setName');
});

test('a database is there while it has a collection', async () => {
  const listed = async () =>
    (
      await engine.client
        .db('admin')
        .command({ listDatabases: 1, nameOnly: true, filter: { name: engine.db.databaseName } })
    ).databases;
  await engine.db.collection('none').updateOne({ x: 1 }, { $set: { y: 1 } });
  expect(await listed()).toEqual([]);
  await engine.db.createCollection('empty');
  expect(await listed()).toEqual([{ name: engine.db.databaseName }]);
  await engine.db.dropDatabase();
  expect(await listed()).toEqual([]);
  expect(await engine.db.dropDatabase()).toBe(true);
});

test('collections are listed, by name too', async () => {
  await engine.db.createCollection('empty');
  await engine.db.collection('things').insertOne({});
  const names = async (filter: Document = {}) =>
    (await engine.db.listCollections(filter).toArray()).map(({ name }) => name).sort();
  expect(await names()).toEqual(['empty', 'things']);
  expect(await engine.db.listCollections({ name: 'things' }).toArray()).toMatchObject([
    {
      name: 'things',
      type: 'collection',
      options: {},
      info: { readOnly: false },
      idIndex: { key: { _id: 1 }, name: '_id_' },
    },
  ]);
  await engine.db.collection('things').drop();
  expect(await names()).toEqual(['empty']);
  expect(await engine.db.collection('things').drop()).toBe(true);
});

test('statistics count documents and their bytes', async () => {
  const things = engine.db.collection('things');
  await things.insertMany([{ text: 'x'.repeat(1000) }, { text: 'x'.repeat(2000) }]);
  // As BSON: 4 bytes of size, 17 of _id, 11 beside the text itself, 1 at the end.
  const size = 3000 + 2 * 33;
  const [stats] = await things.aggregate([{ $collStats: { storageStats: {}, count: {} } }]).toArray();
  expect(stats).toMatchObject({
    count: 2,
    storageStats: { size, count: 2, avgObjSize: 1533, nindexes: 1, capped: false },
  });
  expect(await engine.db.stats()).toMatchObject({ collections: 1, objects: 2, dataSize: size, indexes: 1 });
  expect(await engine.client.db('nowhere').stats()).toMatchObject({
    collections: 0,
    objects: 0,
    dataSize: 0,
  });
});

test.each<[string, Document, number, string]>([
  ['an unknown command', { frobnicate: 1 }, 59, 'CommandNotFound'],
  ['a name every object has', { constructor: 1 }, 59, 'CommandNotFound'],
  ['a name no collection can have', { create: 'a$b' }, 73, 'InvalidNamespace'],
  ['a parameter nobody knows', { getParameter: 1, frobnicate: 1 }, 72, 'InvalidOptions'],
  [
    'a write concern for several servers',
    { insert: 'a', documents: [{}], writeConcern: { w: 2 } },
    2,
    'BadValue',
  ],
  [
    'a transaction number',
    { insert: 'a', documents: [{}], txnNumber: Long.fromNumber(1) },
    20,
    'IllegalOperation',
  ],
  ['cursors that are no list', { killCursors: 'a', cursors: 1 }, 14, 'TypeMismatch'],
  ['all databases from another than admin', { listDatabases: 1 }, 13, 'Unauthorized'],
  ['a read concern nobody knows', { find: 'a', readConcern: { level: 'frob' } }, 2, 'BadValue'],
  ['a delete of two', { delete: 'a', deletes: [{ q: {}, limit: 2 }] }, 9, 'FailedToParse'],
])('%s is refused', async (_what, command, code, codeName) => {
  const asked = engine.client.db('getParameter' in command ? 'admin' : engine.db.databaseName);
  await expect(asked.command(command)).rejects.toMatchObject({ code, codeName, ok: 0 });
});

test('a database and a collection must have a name, and a good one', async () => {
  for (const name of ['my shop', 'my"shop', 'x'.repeat(64)]) {
    const asked = engine.client.db(name);
    await expect(asked.command({ ping: 1 })).rejects.toMatchObject({ code: 73 });
    await expect(asked.collection('things').findOne()).rejects.toMatchObject({ code: 73 });
  }
  const [q, u, limit] = [{}, { $set: { n: 1 } }, 0];
  for (const command of [
    { find: '' },
    { count: '' },
    { distinct: '', key: 'n' },
    { aggregate: '', pipeline: [], cursor: {} },
    { insert: '', documents: [{}] },
    { update: '', updates: [{ q, u }] },
    { delete: '', deletes: [{ q, limit }] },
    { create: '' },
  ])
    await expect(engine.db.command(command)).rejects.toMatchObject({
      code: 73,
      codeName: 'InvalidNamespace',
    });
});

test('a transaction is refused with 20', async () => {
  const session = engine.client.startSession();
  session.startTransaction();
  await expect(engine.db.collection('a').insertOne({}, { session })).rejects.toMatchObject({ code: 20 });
  await session.endSession();
});

test('a password is wrong where there are no users', async () => {
  const asking = new MongoClient(engine.uri.replace('//', '//shop:secret@'));
  await expect(asking.connect()).rejects.toMatchObject({ code: 18, codeName: 'AuthenticationFailed' });
  await asking.close();
});

test('a collection gets another name, in place of one that is there only when asked', async () => {
  const admin = engine.client.db('admin');
  const name = (collection: string) => `${engine.db.databaseName}.${collection}`;
  const rename = (to: string, more = {}) =>
    admin.command({ renameCollection: name('old'), to: name(to), ...more });
  await engine.db.collection<{ _id: number }>('old').insertOne({ _id: 1 });
  await engine.db.collection('old').createIndex({ n: 1 }, { unique: true });
  await engine.db.collection('taken').insertOne({});
  await expect(rename('taken')).rejects.toMatchObject({ code: 48 });
  await expect(rename('old')).rejects.toMatchObject({ code: 20 });
  expect(await rename('taken', { dropTarget: true })).toMatchObject({ ok: 1 });
  expect(await engine.db.collection('taken').find().toArray()).toEqual([{ _id: 1 }]);
  expect(await engine.db.collection('taken').indexes()).toHaveLength(2);
  await expect(rename('new')).rejects.toMatchObject({ code: 26 });
  const elsewhere = { renameCollection: name('taken'), to: name('new') };
  await expect(engine.db.command(elsewhere)).rejects.toMatchObject({ code: 13 });
});
