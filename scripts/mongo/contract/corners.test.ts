import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

// Corner cases in which a wrong answer is easily missed.

const engine = onEngine();
const things = () => engine.db.collection<Document & { _id: number }>('things');
const ids = (docs: Document[]) => docs.map(({ _id }) => _id);
const refused = (command: Document, code: number) =>
  expect(engine.db.command(command)).rejects.toMatchObject({ code });

test('$natural sorts forwards and backwards', async () => {
  await things().insertMany([{ _id: 2 }, { _id: 3 }, { _id: 1 }]);
  expect(ids(await things().find().sort({ $natural: -1 }).toArray())).toEqual([1, 3, 2]);
  expect(ids(await things().find().sort({ $natural: 1 }).toArray())).toEqual([2, 3, 1]);
  expect(ids(await things().find().sort({ $natural: -1 }).skip(1).limit(1).toArray())).toEqual([3]);
  const newest = await things().findOneAndUpdate({}, { $set: { n: 1 } }, { sort: { $natural: -1 } });
  expect(newest).toEqual({ _id: 1 });
  await refused({ find: 'things', sort: { $natural: -1, a: 1 } }, 2);
  await refused({ find: 'things', sort: { $natural: 2 } }, 2);
});

test.each<[Document, number]>([
  [{ find: 'things', sort: { $price: 1 } }, 16410],
  [{ aggregate: 'things', pipeline: [{ $sort: { $price: 1 } }], cursor: {} }, 16410],
  [{ aggregate: 'things', pipeline: [{ $sort: { 'a.$b': -1 } }], cursor: {} }, 16410],
  [{ aggregate: 'things', pipeline: [{ $unwind: '$$price' }], cursor: {} }, 16410],
  [{ aggregate: 'things', pipeline: [{ $project: { $hotel: 1 } }], cursor: {} }, 16410],
  [{ aggregate: 'things', pipeline: [{ $addFields: { $hotel: 1 } }], cursor: {} }, 16410],
  [{ aggregate: 'things', pipeline: [{ $project: { a: { $add: [1], $size: [] } } }], cursor: {} }, 16410],
  [{ aggregate: 'things', pipeline: [{ $project: { 'a.$': 1 } }], cursor: {} }, 31324],
  [{ find: 'things', projection: { $hotel: 1 } }, 16410],
  [{ createIndexes: 'things', indexes: [{ key: { $hotel: 1 }, name: 'x' }] }, 67],
  [{ find: 'things', sort: { a: 'up' } }, 15974],
])('%j names no path: %i', async (command, code) => {
  await things().insertOne({ _id: 1 });
  await refused(command, code);
});

test('a path goes by position into arrays that hold arrays', async () => {
  await things().insertMany([
    { _id: 1, a: [[{ b: 1 }], [{ b: 2 }]] },
    { _id: 2, a: [[{ b: 3 }], [{ b: 1 }, { b: 4 }]] },
    { _id: 3, a: [[5], [6, [7]]] },
  ]);
  const found = async (filter: Document) => ids(await things().find(filter).sort({ _id: 1 }).toArray());
  expect(await found({ 'a.1.b': 2 })).toEqual([1]);
  expect(await found({ 'a.1.b': 4 })).toEqual([2]);
  expect(await found({ 'a.0.b': { $gte: 1 } })).toEqual([1, 2]);
  expect(await found({ 'a.1.1.b': 4 })).toEqual([2]);
  expect(await found({ 'a.1.0': 6 })).toEqual([3]);
  expect(await found({ 'a.b': 1 })).toEqual([]);
  expect(
    ids(
      await things()
        .find({ _id: { $lt: 3 } })
        .sort({ 'a.1.b': 1 })
        .toArray(),
    ),
  ).toEqual([2, 1]);
  expect(
    ids(
      await things()
        .find({ _id: { $lt: 3 } })
        .sort({ 'a.0.b': -1 })
        .toArray(),
    ),
  ).toEqual([2, 1]);
  await things().createIndex({ 'a.1.b': 1 }, { unique: true });
  await expect(things().insertOne({ _id: 4, a: [0, [{ b: 4 }]] })).rejects.toMatchObject({ code: 11000 });
  await things().insertOne({ _id: 5, a: [0, [{ b: 9 }]] });
});

test('an array at the end of a path by position is one key', async () => {
  await things().createIndex({ 'a.1': 1 }, { unique: true });
  await things().insertMany([
    { _id: 1, a: [0, [1, 2]] },
    { _id: 2, a: [0, [2, 3]] },
  ]);
  await expect(things().insertOne({ _id: 3, a: [5, [1, 2]] })).rejects.toMatchObject({ code: 11000 });
  expect(ids(await things().find().sort({ 'a.1': -1 }).toArray())).toEqual([2, 1]);
});

test('what is computed inside an array takes the place of what is no document', async () => {
  await things().insertOne({ _id: 1, a: [1, { c: 2, d: 3 }, [4]] });
  const project = async ($project: Document) => (await things().aggregate([{ $project }]).toArray())[0];
  expect(await project({ 'a.b': { $literal: 1 } })).toEqual({ _id: 1, a: [{ b: 1 }, { b: 1 }, [{ b: 1 }]] });
  expect(await project({ 'a.c': 1, 'a.b': { $literal: 1 } })).toEqual({
    _id: 1,
    a: [{ b: 1 }, { c: 2, b: 1 }, [{ b: 1 }]],
  });
  expect(await project({ 'a.c': 1 })).toEqual({ _id: 1, a: [{ c: 2 }, []] });
});

test('there is one index on _id, and 64 of all kinds', async () => {
  expect(await things().createIndex({ _id: 1 })).toBe('_id_1');
  expect(await things().createIndex({ _id: 1 }, { name: 'mine' })).toBe('mine');
  expect(await things().indexes()).toHaveLength(1);
  const index = (options: Document) => ({ createIndexes: 'things', indexes: [{ name: 'x', ...options }] });
  await refused(index({ key: { _id: 1 }, unique: true }), 197);
  await refused(index({ key: { _id: -1 } }), 2);
  const indexes = Array.from({ length: 63 }, (_, i) => ({ key: { [`f${i}`]: 1 }, name: `f${i}` }));
  await engine.db.command({ createIndexes: 'things', indexes });
  await refused(index({ key: { one: 1 } }), 67);
});

test('an update of many that fails on its way counts nothing', async () => {
  await things().insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 'x' },
    { _id: 3, n: 3 },
  ]);
  const updates = [{ q: {}, u: { $inc: { n: 1 } }, multi: true }];
  expect(await engine.db.command({ update: 'things', updates })).toMatchObject({
    n: 0,
    nModified: 0,
    writeErrors: [{ index: 0, code: 14 }],
  });
});

test.each<[Document, number]>([
  [{ ping: 1, apiVersion: '2' }, 322],
  [{ ping: 1, apiStrict: true }, 4886600],
  [{ find: 'things', apiVersion: '1', apiStrict: true, tailable: true }, 323],
  [{ distinct: 'things', key: 'a', apiVersion: '1', apiStrict: true }, 323],
  [
    { aggregate: 'things', pipeline: [{ $indexStats: {} }], cursor: {}, apiVersion: '1', apiStrict: true },
    323,
  ],
  [{ explain: { find: 'things' }, verbosity: 'loud' }, 2],
  [{ findAndModify: 'things', remove: true, new: true }, 9],
  [{ findAndModify: 'things', remove: true, upsert: true }, 9],
  [{ insert: 'things', documents: [] }, 16],
  [{ update: 'things', updates: [] }, 16],
  [{ delete: 'things', deletes: [] }, 16],
  [{ ping: 1, maxTimeMS: -1 }, 2],
  [{ replSetGetConfig: 1 }, 76],
  [{ killCursors: 'a' }, 40414],
  [{ frobnicate: 1 }, 59],
])('%j is refused with %i', async (command, code) => {
  await expect(engine.client.db('admin').command(command)).rejects.toMatchObject({ code });
});

test('the stable API alone suffices for a shop', async () => {
  const strict = { apiVersion: '1', apiStrict: true, apiDeprecationErrors: true };
  const ok = async (command: Document) =>
    expect(await engine.db.command({ ...command, ...strict })).toMatchObject({ ok: 1 });
  await ok({ ping: 1 });
  await ok({ insert: 'things', documents: [{ _id: 1 }] });
  await ok({ update: 'things', updates: [{ q: { _id: 1 }, u: { $set: { n: 1 } }, upsert: true }] });
  await ok({ find: 'things', filter: { _id: 1 } });
  await ok({ aggregate: 'things', pipeline: [{ $match: {} }, { $count: 'n' }], cursor: {} });
  await ok({ aggregate: 'things', pipeline: [{ $collStats: { count: {} } }], cursor: {} });
  await ok({ createIndexes: 'things', indexes: [{ key: { n: 1 }, name: 'n_1', expireAfterSeconds: 5 }] });
  await ok({ delete: 'things', deletes: [{ q: {}, limit: 0 }] });
});

test('numbers of documents lose their fractions, and a count may be below 0', async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  const find = await engine.db.command({ find: 'things', limit: 1.7, skip: 1.2, sort: { _id: 1 } });
  expect(find.cursor).toMatchObject({ firstBatch: [{ _id: 2 }] });
  expect(await engine.db.command({ count: 'things', limit: -2 })).toMatchObject({ n: 2 });
  await engine.db.command({
    createIndexes: 'things',
    indexes: [{ key: { at: 1 }, name: 'at_1', expireAfterSeconds: 1.5 }],
  });
});

test('$pull takes a whole filter for documents, and operators for any element', async () => {
  await things().insertOne({ _id: 1, a: [{ x: 1 }, { x: 2 }, { y: 1 }, 5], b: [1, 5, 9] });
  await things().updateOne({ _id: 1 }, {
    $pull: { a: { $or: [{ x: 1 }, { y: 1 }] }, b: { $gte: 5 } },
  } as never);
  expect(await things().findOne()).toEqual({ _id: 1, a: [{ x: 2 }, 5], b: [1] });
});

test('an upsert takes what its filter says must be equal', async () => {
  const seeded = async (filter: Document) => {
    await things().deleteMany({});
    await things().updateOne(filter, { $set: { n: 1 } }, { upsert: true });
    return things().findOne({}, { projection: { _id: 0 } });
  };
  expect(await seeded({ a: 1, $or: [{ b: 1 }, { c: 1 }] })).toEqual({ a: 1, n: 1 });
  expect(await seeded({ $or: [{ b: 1 }] })).toEqual({ b: 1, n: 1 });
  expect(await seeded({ a: { $in: [1] }, b: { $in: [1, 2] } })).toEqual({ a: 1, n: 1 });
  expect(await seeded({ a: { $all: [3] }, b: { $gt: 1 } })).toEqual({ a: 3, n: 1 });
  const two = { q: { a: { $all: [1, 2] } }, u: { $set: { n: 1 } }, upsert: true };
  expect(await engine.db.command({ update: 'things', updates: [two] })).toMatchObject({
    writeErrors: [{ code: 54 }],
  });
});

test('sessions are begun, kept and ended, and with them their cursors', async () => {
  await things().insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  const { id, timeoutMinutes } = await engine.db.command({ startSession: 1 });
  expect(timeoutMinutes).toBe(30);
  expect(await engine.db.command({ refreshSessions: [id] })).toMatchObject({ ok: 1 });
  expect(await engine.db.command({ killSessions: [id] })).toMatchObject({ ok: 1 });
  const cursor = things().find({}, { batchSize: 1 });
  await cursor.next();
  await engine.client.db('admin').command({ killAllSessions: [] });
  await expect(cursor.toArray()).rejects.toMatchObject({ code: expect.any(Number) });
});

test('a capped collection keeps the newest documents', async () => {
  await engine.db.command({ create: 'log', capped: true, size: 5000, max: 3 });
  const log = engine.db.collection<{ _id: number; text?: string }>('log');
  await log.insertMany([1, 2, 3, 4, 5].map((_id) => ({ _id })));
  expect(ids(await log.find().sort({ $natural: 1 }).toArray())).toEqual([3, 4, 5]);
  await log.insertMany([6, 7, 8].map((_id) => ({ _id, text: 'x'.repeat(2000) })));
  expect(ids(await log.find().sort({ $natural: -1 }).toArray())).toEqual([8, 7]);
  const [described] = await engine.db.listCollections({ name: 'log' }).toArray();
  expect(described).toMatchObject({ options: { capped: true, size: 5120, max: 3 } });
  await refused({ create: 'other', capped: true }, 72);
  await refused({ create: 'other', size: 4096 }, 72);
});

test('$lookup brings what another collection has', async () => {
  await things().insertMany([{ _id: 1, by: 7 }, { _id: 2, by: [7, 8] }, { _id: 3 }]);
  const people = engine.db.collection<Document & { _id: number }>('people');
  await people.insertMany([
    { _id: 7, n: 'ann' },
    { _id: 8, n: 'ben' },
    { _id: 9, n: null },
  ]);
  const $lookup = { from: 'people', localField: 'by', foreignField: '_id', as: 'who.all' };
  const found = await things()
    .aggregate([{ $lookup }, { $sort: { _id: 1 } }, { $project: { who: 1 } }])
    .toArray();
  expect(found.map(({ who }) => ids(who.all))).toEqual([[7], [7, 8], []]);
  const byNothing = { ...$lookup, foreignField: 'n' };
  const [third] = await things()
    .aggregate([{ $match: { _id: 3 } }, { $lookup: byNothing }])
    .toArray();
  expect(third).toMatchObject({ who: { all: [{ _id: 9 }] } });
  const none = { ...$lookup, from: 'nobody' };
  expect(
    await things()
      .aggregate([{ $match: { _id: 1 } }, { $lookup: none }])
      .toArray(),
  ).toMatchObject([{ who: { all: [] } }]);
  const { as, localField, ...rest } = $lookup;
  for (const wrong of [
    { ...$lookup, more: 1 },
    { localField, ...rest },
    { as, ...rest },
  ])
    await refused({ aggregate: 'things', pipeline: [{ $lookup: wrong }], cursor: {} }, 9);
});
