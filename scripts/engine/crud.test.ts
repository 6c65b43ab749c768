import { Decimal128, type Document, Double, Int32, Long, MongoClient, ObjectId } from 'mongodb';
import { expect, test } from 'vitest';
import { useEngine } from './fixtures/engine.ts';

interface Thing extends Document {
  _id: string | number | ObjectId;
}

const at = useEngine();
const shop = (name = 'things') => at.client.db('shop').collection<Thing>(name);

test('buildInfo says that it is embedded', async () => {
  const info = await at.client.db('admin').command({ buildInfo: 1 });
  expect(info).toMatchObject({ version: '7.0.14', modules: ['embedded'], ok: 1 });
});

test('an upsert whose $set repeats the _id inserts, then updates', async () => {
  const save = (n: number) => shop().updateOne({ _id: 'a' }, { $set: { _id: 'a', n } }, { upsert: true });
  expect(await save(1)).toMatchObject({ matchedCount: 0, upsertedId: 'a', upsertedCount: 1 });
  expect(await save(2)).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0 });
  expect(await shop().find().toArray()).toEqual([{ _id: 'a', n: 2 }]);
});

test('a different _id is refused with 66', async () => {
  await shop().insertOne({ _id: 'a' });
  await expect(shop().updateOne({ _id: 'a' }, { $set: { _id: 'b' } })).rejects.toMatchObject({ code: 66 });
  await expect(
    at.client.db('shop').command({ update: 'things', updates: [{ q: { _id: 'a' }, u: { _id: 'b' } }] }),
  ).resolves.toMatchObject({ writeErrors: [{ code: 66 }] });
  expect(await shop().find().toArray()).toEqual([{ _id: 'a' }]);
});

test('$setOnInsert counts only when the upsert inserts', async () => {
  const save = () =>
    shop().updateOne({ _id: 'a' }, { $set: { n: 1 }, $setOnInsert: { first: true } }, { upsert: true });
  await save();
  await shop().updateOne({ _id: 'a' }, { $set: { first: 'changed' } });
  await save();
  expect(await shop().findOne()).toEqual({ _id: 'a', n: 1, first: 'changed' });
});

test('nModified counts documents that became different', async () => {
  await shop().insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 5 },
  ]);
  const result = await shop().updateMany({}, { $set: { n: 5 } });
  expect(result).toMatchObject({ matchedCount: 2, modifiedCount: 1 });
});

test('an upsert takes the equalities of its filter, and new fields come in the order of their names', async () => {
  await shop().updateOne(
    { b: 2, 'c.d': 3, n: { $gt: 1 } },
    { $set: { z: 1, a: 1, _id: 'x' } },
    { upsert: true },
  );
  const found = await shop().findOne();
  expect(JSON.stringify(found)).toBe('{"_id":"x","b":2,"c":{"d":3},"a":1,"z":1}');
});

test('$inc keeps the type of numbers and refuses what is none', async () => {
  await shop().insertOne({ _id: 1, int: new Int32(2147483647), long: Long.fromNumber(1), text: 'x' });
  await shop().updateOne({ _id: 1 }, { $inc: { int: 1, long: 1, fresh: 2 } });
  const raw = await shop().findOne({}, { promoteValues: false, promoteLongs: false });
  expect(raw?.int).toEqual(Long.fromNumber(2147483648));
  expect(raw?.long).toEqual(Long.fromNumber(2));
  expect(raw?.fresh).toEqual(new Int32(2));
  await expect(shop().updateOne({ _id: 1 }, { $inc: { text: 1 } })).rejects.toMatchObject({ code: 14 });
});

test('numbers, dates and ids come back as the type they were stored with', async () => {
  const stored = {
    _id: new ObjectId(),
    int: new Int32(1),
    double: new Double(1),
    long: Long.fromNumber(1),
    decimal: Decimal128.fromString('1.10'),
    date: new Date(5),
    nothing: null,
  };
  await shop().insertOne(stored);
  expect(await shop().findOne({}, { promoteValues: false })).toEqual(stored);
});

test('a duplicate _id and a duplicate unique key are E11000 and change nothing', async () => {
  await shop().createIndex({ email: 1 }, { unique: true });
  await shop().insertMany([
    { _id: 'a', email: 'x' },
    { _id: 'b', email: 'y' },
  ]);
  await expect(shop().insertOne({ _id: 'a' })).rejects.toMatchObject({
    code: 11000,
    message: 'E11000 duplicate key error collection: shop.things index: _id_ dup key: { _id: "a" }',
  });
  await expect(shop().updateOne({ _id: 'b' }, { $set: { email: 'x' } })).rejects.toMatchObject({
    code: 11000,
    keyPattern: { email: 1 },
    keyValue: { email: 'x' },
  });
  expect(await shop().find().toArray()).toEqual([
    { _id: 'a', email: 'x' },
    { _id: 'b', email: 'y' },
  ]);
});

test('an ordered batch ends at its first error, an unordered one goes on', async () => {
  const batch = (ids: number[], ordered: boolean) =>
    shop().insertMany(
      ids.map((_id) => ({ _id })),
      { ordered },
    );
  await expect(batch([1, 1, 2], true)).rejects.toMatchObject({ code: 11000, insertedCount: 1 });
  await expect(batch([1, 3, 4], false)).rejects.toMatchObject({ code: 11000, insertedCount: 2 });
  expect(await shop().distinct('_id')).toEqual([1, 3, 4]);
});

test('a cursor brings everything in several batches, each once', async () => {
  await shop().insertMany(Array.from({ length: 250 }, (_, _id) => ({ _id })));
  const ids = (await shop().find({}, { batchSize: 7 }).toArray()).map(({ _id }) => _id);
  expect(ids).toEqual(Array.from({ length: 250 }, (_, index) => index));
  const half = shop().find({}, { batchSize: 2 });
  await half.next();
  await half.close();
  await expect(
    at.client.db('shop').command({ getMore: Long.fromNumber(999), collection: 'things' }),
  ).rejects.toMatchObject({ code: 43 });
});

test('reads never change what is stored', async () => {
  const stored = { _id: 1, a: { b: 1, c: [{ d: 1, e: 2 }] }, list: [3, 1, 2] };
  await shop().insertOne(stored);
  expect(await shop().findOne({}, { projection: { 'a.b': 0, 'a.c.e': 0 } })).toEqual({
    _id: 1,
    a: { c: [{ d: 1 }] },
    list: [3, 1, 2],
  });
  expect(await shop().findOne({}, { projection: { _id: 0, 'a.c.e': 1 } })).toEqual({ a: { c: [{ e: 2 }] } });
  await shop().find().sort({ list: -1 }).toArray();
  await shop().countDocuments({ 'a.c.d': 1 });
  expect(await shop().findOne()).toEqual(stored);
});

test('counting, distinct and sorted pages agree with what is stored', async () => {
  await shop().insertMany([3, 1, 2].map((n) => ({ _id: n, tags: [n, 9] })));
  expect(await shop().countDocuments({ _id: { $gt: 1 } })).toBe(2);
  expect(await shop().countDocuments({ _id: 77 })).toBe(0);
  expect(await shop().estimatedDocumentCount()).toBe(3);
  expect(await shop().distinct('tags')).toEqual([3, 9, 1, 2]);
  expect(await shop().find().sort({ _id: 1 }).skip(1).limit(1).toArray()).toMatchObject([{ _id: 2 }]);
});

test('findOneAnd… return the document before or after', async () => {
  await shop().insertOne({ _id: 1, n: 1 });
  const add = { $inc: { n: 1 } };
  expect(await shop().findOneAndUpdate({ _id: 1 }, add)).toEqual({ _id: 1, n: 1 });
  expect(await shop().findOneAndUpdate({ _id: 1 }, add, { returnDocument: 'after' })).toEqual({
    _id: 1,
    n: 3,
  });
  expect(
    await shop().findOneAndReplace({ _id: 2 }, { n: 9 }, { upsert: true, returnDocument: 'after' }),
  ).toEqual({ _id: 2, n: 9 });
  expect(await shop().findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, n: 3 });
  expect(await shop().countDocuments()).toBe(1);
});

test('__proto__ and constructor are names like any other', async () => {
  const hostile = new Map<string, unknown>([
    ['_id', 1],
    ['__proto__', new Map([['x', 1]])],
    ['constructor', 2],
  ]);
  await at.client.db('shop').command({ insert: 'things', documents: [hostile] });
  await shop().updateOne({ _id: 1 }, { $set: { n: 1, '__proto__.y': 2 } });
  await shop().updateOne(JSON.parse('{"__proto__.z": 3, "_id": 2}'), { $set: { n: 1 } }, { upsert: true });
  const [first, second] = await shop().find().toArray();
  expect(Object.entries(first ?? {})).toEqual([
    ['_id', 1],
    ['__proto__', { x: 1, y: 2 }],
    ['constructor', 2],
    ['n', 1],
  ]);
  expect(Object.getOwnPropertyDescriptor(second ?? {}, '__proto__')?.value).toEqual({ z: 3 });
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('number-like keys keep their place', async () => {
  const inner = new Map([
    ['b', 1],
    ['10', 2],
    ['9', 3],
  ]);
  await at.client.db('shop').command({ insert: 'things', documents: [{ _id: 1, inner }] });
  const raw = (await shop().findOne({}, { raw: true })) as unknown as Buffer;
  const places = ['b', '10', '9'].map((name) => raw.indexOf(`\x10${name}\0`));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('w: 0 gets no reply, and the connection stays usable', async () => {
  const small = await MongoClient.connect(`${at.mongo.uri}?maxPoolSize=1`);
  const things = small.db('shop').collection<{ _id: number }>('things');
  for (let _id = 0; _id < 5; _id++) await things.insertOne({ _id }, { writeConcern: { w: 0 } });
  expect(await things.countDocuments()).toBe(5);
  expect(await things.findOne({ _id: 3 })).toEqual({ _id: 3 });
  await small.close();
});

test('deletes one or all', async () => {
  await shop().insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 1 },
    { _id: 3, n: 2 },
  ]);
  expect(await shop().deleteOne({ n: 1 })).toMatchObject({ deletedCount: 1 });
  expect(await shop().deleteMany({})).toMatchObject({ deletedCount: 2 });
  expect(await shop().countDocuments()).toBe(0);
});
