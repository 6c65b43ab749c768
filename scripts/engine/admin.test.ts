import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { useEngine } from './fixtures/engine.ts';

const at = useEngine();
const db = () => at.client.db('shop');

test('a TTL index deletes what is due at the moment of the sweep, and only that', async () => {
  const sessions = db().collection<{ _id: string; expires: unknown }>('sessions');
  await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 10 });
  const due = Date.UTC(2099, 0, 1);
  await sessions.insertMany([
    { _id: 'due', expires: new Date(due) },
    { _id: 'later', expires: new Date(due + 1) },
    { _id: 'moved', expires: new Date(due) },
    { _id: 'undated', expires: 'never' },
    { _id: 'kept', expires: new Date(due) },
  ]);
  await sessions.updateOne({ _id: 'moved' }, { $set: { expires: new Date(due + 60_000) } });
  await sessions.updateOne({ _id: 'kept' }, { $unset: { expires: 1 } });
  expect(await at.mongo.sweep(new Date(due + 9_999))).toBe(0);
  expect(await at.mongo.sweep(new Date(due + 10_000))).toBe(1);
  expect(await sessions.distinct('_id')).toEqual(['later', 'moved', 'undated', 'kept']);
});

test('indexes are listed, refused when they conflict, and dropped', async () => {
  const things = db().collection('things');
  await things.createIndex({ a: 1 }, { expireAfterSeconds: 5 });
  await things.createIndex({ a: 1 }, { expireAfterSeconds: 5 });
  await things.createIndex({ b: 1, c: -1 }, { unique: true, name: 'bc' });
  expect(await things.indexes()).toEqual([
    { v: 2, key: { _id: 1 }, name: '_id_' },
    { v: 2, key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 },
    { v: 2, key: { b: 1, c: -1 }, name: 'bc', unique: true },
  ]);
  await expect(things.createIndex({ a: 1 }, { expireAfterSeconds: 6 })).rejects.toMatchObject({ code: 85 });
  await expect(things.createIndex({ x: 1 }, { name: 'bc' })).rejects.toMatchObject({ code: 86 });
  await things.dropIndex('bc');
  await things.insertMany([
    { b: 1, c: 1 },
    { b: 1, c: 1 },
  ]);
  const both = [{ key: { d: 1 } }, { key: { b: 1, c: -1 } as const, unique: true }];
  await expect(things.createIndexes(both)).rejects.toMatchObject({ code: 11000 });
  expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1']);
  await expect(things.dropIndex('nope')).rejects.toMatchObject({ code: 27 });
});

test('databases and collections come and go with their documents', async () => {
  await db().collection('a').insertOne({});
  await db().createCollection('b');
  await at.client.db('other').collection('c').insertOne({});
  await at.client
    .db('none')
    .collection('d')
    .updateOne({ x: 1 }, { $set: { y: 1 } });
  const names = async () =>
    (await at.client.db().admin().listDatabases({ nameOnly: true })).databases.map(({ name }) => name);
  expect(await names()).toEqual(['other', 'shop']);
  expect((await db().listCollections({ name: 'b' }).toArray()).map(({ name }) => name)).toEqual(['b']);
  await expect(db().createCollection('b')).rejects.toMatchObject({ code: 48, codeName: 'NamespaceExists' });
  await at.client.db('other').dropDatabase();
  await db().collection('a').drop();
  expect(await names()).toEqual(['shop']);
  expect((await db().listCollections().toArray()).map(({ name }) => name)).toEqual(['b']);
});

const refusals = [
  ['an unknown command', { frobnicate: 1 }, 59, "no such command: 'frobnicate'"],
  ['a name every object has', { constructor: 1 }, 59, "no such command: 'constructor'"],
  ['an unknown field', { find: 'a', frob: 1 }, 40415, "BSON field 'find.frob' is an unknown field."],
  [
    'a collation',
    { find: 'a', collation: { locale: 'de' } },
    238,
    "the field 'find.collation' is not supported",
  ],
  ['variables', { find: 'a', let: { x: 1 } }, 238, "the field 'find.let'"],
  ['an unknown query operator', { find: 'a', filter: { n: { $foo: 1 } } }, 2, 'unknown operator: $foo'],
  [
    'an unknown top level operator',
    { find: 'a', filter: { $foo: 1 } },
    2,
    'unknown top level operator: $foo',
  ],
  [
    'an escape only PCRE has',
    { find: 'a', filter: { n: { $regex: '\\Rx' } } },
    238,
    "'\\R' in a regular expression",
  ],
  [
    'a broken regular expression',
    { find: 'a', filter: { n: { $regex: '(' } } },
    51091,
    'Regular expression is invalid',
  ],
  ['$where', { find: 'a', filter: { $where: '1' } }, 238, 'the query operator $where'],
  ['a transaction number', { ping: 1, txnNumber: 1 }, 20, 'Transaction numbers are only allowed'],
  ['a wrong type', { find: 'a', filter: 'x' }, 14, "is the wrong type 'string', expected type 'object'"],
  ['a bad collection name', { create: 'a$b' }, 73, "Invalid namespace specified 'shop.a$b'"],
  ['a mixed projection', { find: 'a', projection: { a: 1, b: 0 } }, 31254, 'Cannot do exclusion on field b'],
  ['a stage mongod has', { aggregate: 'a', pipeline: [{ $facet: {} }], cursor: {} }, 238, '$facet'],
  [
    'a stage nobody has',
    { aggregate: 'a', pipeline: [{ $foo: {} }], cursor: {} },
    40324,
    "Unrecognized pipeline stage name: '$foo'",
  ],
  [
    'an accumulator mongod has',
    { aggregate: 'a', pipeline: [{ $group: { _id: 1, n: { $stdDevPop: '$x' } } }], cursor: {} },
    238,
    'the accumulator $stdDevPop',
  ],
  [
    'an expression mongod has',
    { aggregate: 'a', pipeline: [{ $project: { n: { $toUpper: '$x' } } }], cursor: {} },
    238,
    'the expression $toUpper',
  ],
  [
    'an unknown index option',
    { createIndexes: 'a', indexes: [{ key: { a: 1 }, name: 'a', foo: 1 }] },
    197,
    "'foo'",
  ],
  ['a text index', { createIndexes: 'a', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 238, 'kind "text"'],
  ['a view', { create: 'a', viewOn: 'b', pipeline: [] }, 238, "'create.viewOn'"],
  [
    'a write concern for several servers',
    { insert: 'a', documents: [{}], writeConcern: { w: 2 } },
    2,
    "cannot use 'w' > 1",
  ],
] as const;

test.each(refusals)('refuses %s', async (_what, command, code, message) => {
  await expect(db().command({ ...command })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

const badUpdates = [
  [{ $foo: { a: 1 } }, 9],
  [{ $bit: { n: { and: 1.5 } } }, 2],
  [{ $set: { 'list.$[x]': 1 } }, 2],
  [[{ $set: { a: { $toUpper: 'x' } } }], 238],
  [{ $set: { a: 1 }, $inc: { 'a.b': 1 } }, 40],
  [{ $set: { 'n.b': 1 } }, 28],
  [{ $set: { 'a..b': 1 } }, 56],
  [{ $set: { 'list.x': 1 } }, 28],
  [{ $unset: { _id: 1 } }, 66],
] as const;

test.each(badUpdates)('refuses the update %j', async (u, code) => {
  await db()
    .collection('a')
    .insertOne({ n: 1, list: [1] });
  const before = await db().collection('a').findOne();
  const reply = await db().command({ update: 'a', updates: [{ q: {}, u }] });
  expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code }] });
  expect(await db().collection('a').findOne()).toEqual(before);
});

test('a password is wrong where there are no users', async () => {
  const asking = new MongoClient(at.mongo.uri.replace('//', '//shop:secret@'));
  await expect(asking.connect()).rejects.toMatchObject({ code: 18 });
  await asking.close();
});
