import { Decimal128, type Document, Double, Int32, Long, MongoClient, ObjectId, UUID } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

interface Thing extends Document {
  _id: string | number | ObjectId | Double | Long;
}

const engine = onEngine();
const things = () => engine.db.collection<Thing>('things');

test('values come back as the type they were stored with, in the order of their fields', async () => {
  const stored = {
    _id: new ObjectId(),
    z: new Int32(1),
    double: new Double(1),
    long: Long.fromNumber(1),
    decimal: Decimal128.fromString('1.10'),
    date: new Date(5),
    uuid: new UUID().toBinary(),
    nothing: null,
    list: [new Int32(1), 'two', { three: [] }],
    '10': 'a name like a number',
  };
  await things().insertOne(stored);
  const raw = await things().findOne({}, { promoteValues: false });
  expect(raw).toEqual(stored);
});

test('an _id is made where there is none, and stands first', async () => {
  await engine.db.command({ insert: 'things', documents: [{ a: 1, _id: 1 }, { b: 1 }] });
  const [first, second] = await things().find().sort({ b: 1 }).toArray();
  expect(Object.keys(first ?? {})).toEqual(['_id', 'a']);
  expect(second).toEqual({ _id: expect.any(ObjectId), b: 1 });
});

test('an ordered batch ends at its first error, an unordered one goes on', async () => {
  const batch = (ids: number[], ordered: boolean) =>
    things().insertMany(
      ids.map((_id) => ({ _id })),
      { ordered },
    );
  await expect(batch([1, 1, 2], true)).rejects.toMatchObject({ code: 11000, insertedCount: 1 });
  await expect(batch([1, 3, 4], false)).rejects.toMatchObject({ code: 11000, insertedCount: 2 });
  expect((await things().distinct('_id')).sort()).toEqual([1, 3, 4]);
});

test('a bulk write does one thing after the other', async () => {
  const result = await things().bulkWrite([
    { insertOne: { document: { _id: 1, n: 1 } } },
    { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
    { updateOne: { filter: { _id: 2 }, update: { $set: { n: 7 } }, upsert: true } },
    { replaceOne: { filter: { _id: 1 }, replacement: { m: 1 } } },
    { deleteOne: { filter: { n: 7 } } },
  ]);
  expect(result).toMatchObject({
    insertedCount: 1,
    matchedCount: 2,
    modifiedCount: 2,
    upsertedCount: 1,
    deletedCount: 1,
  });
  expect(await things().find().toArray()).toEqual([{ _id: 1, m: 1 }]);
});

test('a write without acknowledgement is not answered, and done before what follows on its connection', async () => {
  const single = await MongoClient.connect(engine.uri, { maxPoolSize: 1 });
  const silent = single.db(engine.db.databaseName).collection<{ _id: number; n?: number }>('things');
  const options = { writeConcern: { w: 0 } } as const;
  expect(await silent.insertOne({ _id: 1 }, options)).toMatchObject({ acknowledged: false });
  await silent.insertOne({ _id: 1 }, options);
  await silent.updateOne({ _id: 1 }, { $set: { n: 1 } }, options);
  expect(await silent.find().toArray()).toEqual([{ _id: 1, n: 1 }]);
  await silent.deleteMany({}, options);
  expect(await silent.countDocuments()).toBe(0);
  await single.close();
});

test('deletes one or all that match', async () => {
  await things().insertMany([1, 1, 2].map((n, _id) => ({ _id, n })));
  expect(await things().deleteOne({ n: 1 })).toMatchObject({ deletedCount: 1 });
  expect(await things().deleteMany({ n: { $gt: 0 } })).toMatchObject({ deletedCount: 2 });
  expect(await things().deleteMany({})).toMatchObject({ deletedCount: 0 });
});

const long = 'x'.repeat(16 * 1024 * 1024);

test.each<[string, Document, number]>([
  ['an _id that is a list', { insert: 'things', documents: [{ _id: [1] }] }, 53],
  ['an _id with an operator', { insert: 'things', documents: [{ _id: { $a: 1 } }] }, 52],
  [
    'an update by replacement of many',
    { update: 'things', updates: [{ q: {}, u: { a: 1 }, multi: true }] },
    9,
  ],
])('%s is an error of that write', async (_what, command, code) => {
  expect(await engine.db.command(command)).toMatchObject({ n: 0, writeErrors: [{ index: 0, code }], ok: 1 });
});

test('a document that an update makes larger than 16 MiB is refused', async () => {
  await things().insertOne({ _id: 1, a: long.slice(0, -1000) });
  const growing = things().updateOne({ _id: 1 }, { $set: { b: long.slice(0, 2000) } });
  // 10334 or 17419, depending on how far mongod got.
  await expect(growing).rejects.toMatchObject({
    code: expect.toSatisfy((code) => [10334, 17419].includes(code)),
  });
  expect(Object.keys((await things().findOne()) ?? {})).toEqual(['_id', 'a']);
});
