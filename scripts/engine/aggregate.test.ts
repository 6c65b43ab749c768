import { Decimal128, type Document, Double, Int32, Long, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from './server.ts';

interface Order extends Document {
  _id: number;
}

let mongo: EmbeddedMongo;
let client: MongoClient;
const orders = () => client.db('shop').collection<Order>('orders');
const run = (...pipeline: Document[]) => orders().aggregate(pipeline).toArray();
/** A function, since a literal with `then` in it would look like a promise. */
const cond = (test: unknown, yes: unknown, no?: unknown) => ({
  $cond: Object.fromEntries([['if', test], ['then', yes], ...(no === undefined ? [] : [['else', no]])]),
});
/** The value of an expression for the first order. */
const value = async (expression: unknown) =>
  (await run({ $match: { _id: 1 } }, { $project: { _id: 0, v: expression } }))[0]?.v;

beforeAll(async () => {
  mongo = await startEmbedded();
  client = await MongoClient.connect(mongo.uri);
  await orders().insertMany([
    {
      _id: 1,
      user: 'ann',
      at: new Date(1000),
      items: [
        { sku: 'a', qty: 2, price: 0.1 },
        { sku: 'b', qty: 1, price: 5 },
      ],
      total: 5.2,
    },
    {
      _id: 2,
      user: 'bob',
      at: new Date(2000),
      items: [{ sku: 'a', qty: 1, price: 0.1 }],
      total: 0.1,
      note: null,
    },
    { _id: 3, user: 'ann', at: new Date(3000), items: [], total: 0.2 },
  ]);
});
afterAll(async () => {
  await client.close();
  await mongo.stop();
});

test('groups count, add up and collect', async () => {
  const grouped = await run(
    {
      $group: {
        _id: '$user',
        n: { $sum: 1 },
        total: { $sum: '$total' },
        ids: { $push: '$_id' },
        all: { $count: {} },
      },
    },
    { $sort: { _id: 1 } },
  );
  expect(grouped).toEqual([
    { _id: 'ann', n: 2, total: 5.4, ids: [1, 3], all: 2 },
    { _id: 'bob', n: 1, total: 0.1, ids: [2], all: 1 },
  ]);
  const ends = {
    first: { $first: '$_id' },
    last: { $last: '$_id' },
    min: { $min: '$total' },
    max: { $max: '$total' },
  };
  expect(
    await run({ $group: { _id: null, ...ends, notes: { $push: '$note' }, users: { $addToSet: '$user' } } }),
  ).toEqual([{ _id: null, first: 1, last: 3, min: 0.1, max: 5.2, notes: [null], users: ['ann', 'bob'] }]);
  expect(await run({ $match: { _id: 9 } }, { $group: { _id: null, n: { $sum: 1 } } })).toEqual([]);
  const odd = {
    text: { $sum: '$user' },
    none: { $avg: '$user' },
    no: { $min: '$no' },
    avg: { $avg: '$_id' },
  };
  expect(await run({ $group: { _id: '$no', ...odd } })).toEqual([
    { _id: null, text: 0, none: null, no: null, avg: 2 },
  ]);
  const byTwo = await run({ $group: { _id: { user: '$user', no: '$no' } } });
  expect(byTwo).toEqual([{ _id: { user: 'ann' } }, { _id: { user: 'bob' } }]);
});

test('what groups add up has the type mongod gives it, and loses nothing on the way', async () => {
  const sums = client.db('shop').collection<Document>('sums');
  await sums.insertMany([
    { int: new Int32(2 ** 31 - 1), long: Long.MAX_VALUE, double: new Double(1e100), small: 0.1, mixed: 1 },
    {
      int: new Int32(1),
      long: Long.fromNumber(1),
      double: new Double(1),
      small: 0.2,
      mixed: Long.fromNumber(2),
    },
    { int: 0, long: 0, double: new Double(-1e100), small: 0.3, mixed: 0.5 },
  ]);
  const fields = ['int', 'long', 'double', 'small', 'mixed'].map((name) => [name, { $sum: `$${name}` }]);
  const [raw] = await sums
    .aggregate([{ $group: { _id: 1, ...Object.fromEntries(fields) } }], { promoteValues: false })
    .toArray();
  expect(raw).toEqual({
    _id: new Int32(1),
    int: Long.fromNumber(2 ** 31),
    long: new Double(2 ** 63),
    double: new Double(1),
    small: new Double(0.6),
    mixed: new Double(3.5),
  });
  await sums.insertOne({ small: Decimal128.fromString('1') });
  await expect(
    sums.aggregate([{ $group: { _id: 1, s: { $sum: '$small' } } }]).toArray(),
  ).rejects.toMatchObject({ code: 238 });
});

test('$unwind makes a document of each element', async () => {
  const unwound = await run({ $unwind: '$items' }, { $project: { _id: 1, sku: '$items.sku' } });
  expect(unwound).toEqual([
    { _id: 1, sku: 'a' },
    { _id: 1, sku: 'b' },
    { _id: 2, sku: 'a' },
  ]);
  const kept = { path: '$items', includeArrayIndex: 'at.i', preserveNullAndEmptyArrays: true };
  expect(await run({ $match: { _id: 3 } }, { $unset: ['at', 'user'] }, { $unwind: kept })).toEqual([
    { _id: 3, total: 0.2, at: { i: null } },
  ]);
  expect(await run({ $match: { _id: 1 } }, { $unwind: '$user' }, { $count: 'n' })).toEqual([{ n: 1 }]);
  expect(await run({ $unwind: '$note' }, { $count: 'n' })).toEqual([]);
});

test("$project picks, leaves out, renames and computes, in mongod's order of fields", async () => {
  const first = async (spec: Document) =>
    JSON.stringify((await run({ $match: { _id: 1 } }, { $project: spec }))[0]);
  expect(await first({ x: '$user', total: 1, _id: 0 })).toBe('{"total":5.2,"x":"ann"}');
  expect(await first({ items: { sku: 1 } })).toBe('{"_id":1,"items":[{"sku":"a"},{"sku":"b"}]}');
  expect(await first({ 'items.user': '$user', _id: 0 })).toBe('{"items":[{"user":"ann"},{"user":"ann"}]}');
  expect(await first({ items: 0, at: false, user: 0 })).toBe('{"_id":1,"total":5.2}');
  expect(await first({ _id: '$user' })).toBe('{"_id":"ann"}');
  expect(
    await first({ _id: 0, skus: '$items.sku', pair: ['$user', '$no'], o: { u: '$user', n: '$no' } }),
  ).toBe('{"skus":["a","b"],"pair":["ann",null],"o":{"u":"ann"}}');
});

test('$addFields and $set put fields in place or at the end', async () => {
  const [set] = await run(
    { $match: { _id: 2 } },
    { $set: { user: 'x', 'items.seen': true, last: { $literal: '$a' }, note: '$$REMOVE' } },
  );
  expect(JSON.stringify(set)).toBe(
    '{"_id":2,"user":"x","at":"1970-01-01T00:00:02.000Z","items":[{"sku":"a","qty":1,"price":0.1,"seen":true}],"total":0.1,"last":"$a"}',
  );
  const [scalar] = await run(
    { $match: { _id: 3 } },
    { $addFields: { 'user.name': '$user', a: { b: 1 } } },
    { $unset: 'at' },
  );
  expect(scalar).toEqual({ _id: 3, user: { name: 'ann' }, items: [], total: 0.2, a: { b: 1 } });
  expect(await orders().findOne({ _id: 3 })).toMatchObject({ user: 'ann' });
});

test('find computes fields as well', async () => {
  const [found] = await orders()
    .find({ _id: 3 }, { projection: { _id: 0, whole: '$$ROOT', size: { $bsonSize: '$$ROOT' } } })
    .toArray();
  expect(found).toEqual({
    whole: expect.objectContaining({ _id: 3, user: 'ann' }),
    size: expect.any(Number),
  });
});

test('expressions', async () => {
  expect(await value({ $multiply: ['$total', 10] })).toBe(52);
  expect(await value({ $add: ['$at', 5] })).toEqual(new Date(1005));
  expect(await value({ $subtract: ['$at', new Date(400)] })).toBe(600);
  expect(await value({ $subtract: ['$at', 400] })).toEqual(new Date(600));
  expect(await value({ $divide: ['$_id', 2] })).toBe(0.5);
  expect(await value({ $add: ['$_id', '$note'] })).toBeNull();
  expect(await value({ $size: '$items' })).toBe(2);
  expect(await value({ $cond: [{ $gt: ['$total', 5] }, 'big', 'small'] })).toBe('big');
  expect(await value(cond({ $not: ['$no'] }, { $ifNull: ['$no', 'nothing'] }, 1))).toBe('nothing');
  expect(await value({ $and: [1, 'x', { $or: [0, { $lte: ['$_id', 1] }] }] })).toBe(true);
  expect(await value({ $eq: ['$no', null] })).toBe(false);
  expect(await value({ $type: '$no' })).toBe('missing');
  expect(await value({ $objectToArray: { a: '$user' } })).toEqual([{ k: 'a', v: 'ann' }]);
  expect(await value({ $toDouble: '$at' })).toBe(1000);
  expect(await value('$items.0.sku')).toEqual([]);
});

test('$sample takes some, and each once', async () => {
  const ids = (await run({ $sample: { size: 2 } })).map(({ _id }) => _id);
  expect(new Set(ids).size).toBe(2);
  expect((await run({ $sample: { size: 50 } })).map(({ _id }) => _id).sort()).toEqual([1, 2, 3]);
});

test('the numbers Compass shows', async () => {
  const storage = { $collStats: { storageStats: {} } };
  const size = {
    $sum: { $multiply: [{ $toDouble: '$storageStats.avgObjSize' }, { $toDouble: '$storageStats.count' }] },
  };
  const average = cond({ $ne: ['$count', 0] }, { $divide: ['$size', { $toDouble: '$count' }] }, 0);
  const group = {
    _id: null,
    count: { $sum: '$storageStats.count' },
    capped: { $first: '$storageStats.capped' },
    size,
  };
  const [stats] = await run(storage, { $group: group }, { $addFields: { average } });
  expect(stats).toMatchObject({ count: 3, capped: false, average: expect.any(Number) });
  const indexes = await run(
    storage,
    { $project: { indexSizes: { $objectToArray: '$storageStats.indexSizes' } } },
    { $unwind: '$indexSizes' },
    { $group: { _id: '$indexSizes.k', size: { $sum: { $toDouble: '$indexSizes.v' } } } },
  );
  expect(indexes).toEqual([{ _id: '_id_', size: expect.any(Number) }]);
  expect(indexes[0]?.size).toBeGreaterThan(0);
  const usage = { $project: { name: 1, usageCount: '$accesses.ops' } };
  expect(await run({ $indexStats: {} }, usage)).toEqual([{ name: '_id_', usageCount: 0 }]);
  const counted = orders().aggregate([{ $match: {} }, { $count: 'count' }], { hint: '_id_' });
  expect(await counted.toArray()).toEqual([{ count: 3 }]);
});

test('a hint names an index that is there, and changes nothing', async () => {
  const missing = { code: 2, message: expect.stringContaining('does not correspond to an existing index') };
  expect(
    await orders()
      .find({}, { hint: { _id: 1 }, collation: { locale: 'simple' } })
      .toArray(),
  ).toHaveLength(3);
  expect(await orders().countDocuments({}, { hint: { $natural: 1 } })).toBe(3);
  expect(await orders().updateOne({ _id: 1 }, { $set: { user: 'ann' } }, { hint: { _id: 1 } })).toMatchObject(
    {
      matchedCount: 1,
    },
  );
  await expect(orders().findOne({}, { hint: 'no' })).rejects.toMatchObject(missing);
  await expect(orders().deleteMany({}, { hint: { no: 1 } })).rejects.toMatchObject(missing);
  await expect(orders().findOneAndDelete({}, { hint: { no: 1 } })).rejects.toMatchObject(missing);
  expect(await orders().countDocuments()).toBe(3);
  const backwards = await orders()
    .find({}, { hint: { $natural: -1 } })
    .toArray();
  expect(backwards.map(({ _id }) => _id)).toEqual([3, 2, 1]);
});

test.each<[Document, number]>([
  [{ $project: {} }, 51272],
  [{ $project: { a: 1, b: 0 } }, 31254],
  [{ $project: { a: 0, b: '$x' } }, 31310],
  [{ $project: { a: 0, b: { $add: [1, 2] } } }, 31252],
  [{ $project: { a: 1, 'a.b': 1 } }, 31249],
  [{ $project: { a: {} } }, 51270],
  [{ $project: { a: '$' } }, 16872],
  [{ $project: { a: '$$x' } }, 17276],
  [{ $project: { a: { $foo: 1 } } }, 31325],
  [{ $project: { a: { $add: [{ $foo: 1 }] } } }, 168],
  [{ $addFields: { a: { $foo: 1 } } }, 168],
  [{ $project: { a: { $concat: ['a'] } } }, 238],
  [{ $project: { a: { $size: '$user' } } }, 17124],
  [{ $project: { a: { $size: [1, 2] } } }, 16020],
  [{ $project: { a: { $add: ['$user', 1] } } }, 14],
  [{ $project: { a: { $subtract: ['$user', 1] } } }, 14],
  [{ $project: { a: { $divide: [1, 0] } } }, 2],
  [{ $project: { a: { $cond: [1, 2] } } }, 16020],
  [{ $project: { a: cond(1, 2) } }, 17082],
  [{ $project: { a: { $gt: [1, 2], $lt: 1 } } }, 16410],
  [{ $match: { $expr: { $gt: [1, 2], $lt: 1 } } }, 15983],
  [{ $addFields: {} }, 40177],
  [{ $set: 1 }, 40272],
  [{ $unset: [] }, 31119],
  [{ $unset: [1] }, 31120],
  [{ $count: '' }, 40156],
  [{ $count: '$a' }, 40158],
  [{ $group: { n: { $sum: 1 } } }, 15955],
  [{ $group: { _id: 1, n: 1 } }, 40234],
  [{ $group: { _id: 1, n: { $foo: 1 } } }, 15952],
  [{ $group: { _id: 1, n: { $sum: [1, 2] } } }, 40237],
  [{ $group: { _id: 1, 'a.b': { $sum: 1 } } }, 40235],
  [{ $unwind: 'items' }, 28818],
  [{ $unwind: {} }, 28812],
  [{ $unwind: 1 }, 15981],
  [{ $sample: {} }, 28749],
  [{ $sample: { size: -1 } }, 28747],
  [{ $lookup: { from: 'x', as: 'y', pipeline: [] } }, 238],
  [{ $facet: {} }, 238],
])('%j is refused with %i', async (stage, code) => {
  await expect(run(stage)).rejects.toMatchObject({ code });
});
