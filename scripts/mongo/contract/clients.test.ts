import { BSONRegExp, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

// Commands that drivers and object mappers send, and people seldom type.

const engine = onEngine();
const things = () => engine.db.collection<Document & { _id: number }>('things');
const ids = (docs: Document[]) => docs.map(({ _id }) => _id);
const refused = (command: Document, code: number) =>
  expect(engine.db.command(command)).rejects.toMatchObject({ code });
const writeErrors = async (command: Document) =>
  (await engine.db.command(command)).writeErrors?.map(({ code }: Document) => code) ?? [];

test('an option that is null is none', async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }]);
  const find = { find: 'things', filter: null, sort: null, projection: null, skip: null, limit: null };
  const nothing = { batchSize: null, singleBatch: null, collation: null, let: null, readConcern: null };
  expect((await engine.db.command({ ...find, ...nothing })).cursor.firstBatch).toHaveLength(2);
  const insert = { insert: 'things', documents: [{ _id: 1 }, { _id: 3 }], ordered: null };
  expect(await engine.db.command(insert)).toMatchObject({ n: 0 });
  const updates = [{ q: {}, u: { $set: { a: 1 } }, multi: null, upsert: null, arrayFilters: null }];
  expect(await engine.db.command({ update: 'things', updates })).toMatchObject({ n: 1, nModified: 1 });
  const removal = { findAndModify: 'things', query: { _id: 1 }, remove: true, update: null, fields: null };
  expect(await engine.db.command(removal)).toMatchObject({ value: { _id: 1, a: 1 } });
  const index = (options: Document) => ({
    createIndexes: 'things',
    indexes: [{ key: { a: 1 }, name: 'a_1', ...options }],
  });
  await refused(index({ unique: null }), 14);
  await refused(index({ sparse: null }), 14);
  await refused(index({ expireAfterSeconds: null }), 67);
});

test('a dollar begins a field of an inner document, and of a new one, but not one that an update adds', async () => {
  await things().insertOne({ _id: 1, $hotel: { a: 1 }, inner: { $each: 1 } });
  const update = (u: Document, q: Document = { _id: 1 }, upsert = false) =>
    writeErrors({ update: 'things', updates: [{ q, u, upsert }] });
  expect(await update({ $set: { 'inner.$each': 2, 'inner.$new.a': 1 } })).toEqual([]);
  expect(await update({ $set: { '$hotel.a': 2 } })).toEqual([]);
  expect(await things().findOne()).toEqual({ _id: 1, $hotel: { a: 2 }, inner: { $each: 2, $new: { a: 1 } } });
  expect(await update({ $set: { $other: 1 } })).toEqual([52]);
  expect(await update({ $set: { '$other.a': 1 } })).toEqual([52]);
  expect(await update({ $inc: { $hotel: 1 } })).toEqual([14]);
  expect(await update({ $set: { $hotel: 1 } })).toEqual([52]);
  expect(await update({ $set: { $hotel: { a: 2 } } })).toEqual([]);
  expect(await update({ a: 1, $hotel: 2 })).toEqual([52]);
  expect(await update({ $set: { $hotel: 1 } }, { _id: 2 }, true)).toEqual([]);
  expect(await update({ a: 1, $hotel: 2 }, { _id: 3 }, true)).toEqual([]);
  expect(await update({ $unset: { $hotel: 1 } })).toEqual([]);
  expect(await things().find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 1, inner: { $each: 2, $new: { a: 1 } } },
    { _id: 2, $hotel: 1 },
    { _id: 3, a: 1, $hotel: 2 },
  ]);
});

test('$elemMatch looks for references', async () => {
  const [ann, ben] = [
    { $ref: 'users', $id: 1 },
    { $ref: 'users', $id: 2, note: 'x' },
  ];
  await things().insertMany([
    { _id: 1, friends: [ann] },
    { _id: 2, friends: [ben, ann] },
  ]);
  const found = async (filter: Document) => ids(await things().find(filter).sort({ _id: 1 }).toArray());
  expect(await found({ friends: { $elemMatch: { $ref: 'users', $id: 2 } } })).toEqual([2]);
  expect(await found({ friends: { $elemMatch: { $or: [{ $id: 2 }, { $id: 3 }] } } })).toEqual([2]);
  expect(await found({ friends: { $elemMatch: ann } })).toEqual([1, 2]);
  expect(await found({ 'friends.$id': 1 })).toEqual([1, 2]);
  await refused({ find: 'things', filter: { $id: 1 } }, 2);
});

test('$ stands for the element inside which something exists or has a size', async () => {
  const places = [{ a: 1 }, { b: 1, list: [1, 2] }];
  await things().insertOne({ _id: 1, places });
  const update = (q: Document, by: number) =>
    writeErrors({ update: 'things', updates: [{ q, u: { $set: { 'places.$.n': by } } }] });
  expect(await update({ 'places.b': { $exists: true } }, 1)).toEqual([]);
  expect(await things().findOne()).toMatchObject({ places: [{ a: 1 }, { b: 1, n: 1 }] });
  expect(await update({ 'places.list': { $size: 2 } }, 2)).toEqual([]);
  expect(await things().findOne()).toMatchObject({ places: [{ a: 1 }, { b: 1, n: 2 }] });
  expect(await update({ places: { $exists: true } }, 3)).toEqual([2]);
  expect(await update({ places: { $size: 2 } }, 3)).toEqual([2]);
  expect(await update({ 'places.c': { $exists: false } }, 3)).toEqual([2]);
});

test('an index that is asked for gives documents in its order', async () => {
  await things().insertMany([
    { _id: 3, n: 4, name: 'a' },
    { _id: 1, n: 5, name: 'b' },
    { _id: 2, n: 4, name: 'c' },
  ]);
  const hint = { n: -1, name: -1 } as const;
  await things().createIndex(hint);
  expect(ids(await things().find().hint(hint).toArray())).toEqual([1, 2, 3]);
  expect(ids(await things().find().hint('_id_').toArray())).toEqual([1, 2, 3]);
  expect(ids(await things().find().hint(hint).sort({ n: 1 }).toArray())).toEqual([2, 3, 1]);
  expect(
    ids(
      await things()
        .aggregate([{ $match: {} }], { hint })
        .toArray(),
    ),
  ).toEqual([1, 2, 3]);
  expect(await things().updateOne({ n: 4 }, { $set: { seen: true } }, { hint })).toMatchObject({
    modifiedCount: 1,
  });
  expect(ids(await things().find({ seen: true }).toArray())).toEqual([2]);
  expect(await things().findOneAndDelete({ n: { $gt: 3 } }, { hint })).toMatchObject({ _id: 1 });
  expect(await things().deleteOne({}, { hint: { $natural: -1 } })).toMatchObject({ deletedCount: 1 });
  expect(ids(await things().find().toArray())).toEqual([3]);
});

test('a regular expression has no option but i, m, s, x and u', async () => {
  await things().insertOne({ _id: 1, name: 'tea' });
  await refused({ find: 'things', filter: { name: new BSONRegExp('a', 'l') } }, 51108);
  await refused({ find: 'things', filter: { name: { $in: [new BSONRegExp('a', 'l')] } } }, 51108);
  await refused({ find: 'things', filter: { name: { $regex: 'a', $options: 'I' } } }, 51108);
  expect(await things().countDocuments({ name: new BSONRegExp('A', 'iu') })).toBe(1);
});
