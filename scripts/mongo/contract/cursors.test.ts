import { type Document, Long } from 'mongodb';
import { beforeEach, expect, test } from 'vitest';
import { onEngine } from './engine.ts';

const engine = onEngine();
const things = () => engine.db.collection<{ _id: number; tags?: number[] }>('things');
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
beforeEach(async () => {
  await things().insertMany(ids(0, 250).map((_id) => ({ _id })));
});

const find = (command: Document = {}) =>
  engine.db.command({ find: 'things', sort: { _id: 1 }, ...command }, { promoteLongs: false });
const more = (id: Long, command: Document = {}) =>
  engine.db.command({ getMore: id, collection: 'things', ...command }, { promoteLongs: false });
const idsOf = (batch: Document[]) => batch.map(({ _id }) => _id);

test('the first batch has 101 documents, the next one the rest', async () => {
  const { cursor } = await find();
  expect(idsOf(cursor.firstBatch)).toEqual(ids(0, 101));
  const next = await more(cursor.id);
  expect(idsOf(next.cursor.nextBatch)).toEqual(ids(101, 250));
  expect(next.cursor.id).toEqual(Long.ZERO);
  expect(next.cursor.ns).toBe(`${engine.db.databaseName}.things`);
});

test('batches are as large as asked, and the first may be empty', async () => {
  const { cursor } = await find({ batchSize: 0 });
  expect(cursor.firstBatch).toEqual([]);
  expect(idsOf((await more(cursor.id, { batchSize: 2 })).cursor.nextBatch)).toEqual([0, 1]);
  expect(idsOf((await more(cursor.id, { batchSize: 3 })).cursor.nextBatch)).toEqual([2, 3, 4]);
});

test('a cursor brings everything once, in batches', async () => {
  const found = await things().find({}, { batchSize: 7 }).sort({ _id: 1 }).toArray();
  expect(found.map(({ _id }) => _id)).toEqual(ids(0, 250));
});

test('one batch leaves no cursor', async () => {
  const { cursor } = await find({ batchSize: 2, singleBatch: true });
  expect(cursor).toMatchObject({ id: Long.ZERO, firstBatch: [{ _id: 0 }, { _id: 1 }] });
});

test('a cursor that was closed or never was is not found', async () => {
  const { cursor } = await find({ batchSize: 1 });
  const killed = await engine.db.command(
    { killCursors: 'things', cursors: [cursor.id] },
    { promoteLongs: false },
  );
  expect(killed).toMatchObject({ cursorsKilled: [cursor.id], cursorsNotFound: [], ok: 1 });
  await expect(more(cursor.id)).rejects.toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  const again = await engine.db.command(
    { killCursors: 'things', cursors: [cursor.id] },
    { promoteLongs: false },
  );
  expect(again).toMatchObject({ cursorsKilled: [], cursorsNotFound: [cursor.id] });
});

test('sorted pages', async () => {
  const page = await things().find().sort({ _id: -1 }).skip(10).limit(3).toArray();
  expect(page.map(({ _id }) => _id)).toEqual([239, 238, 237]);
  expect(await things().find().skip(1000).toArray()).toEqual([]);
});

test('counts, with a filter and without', async () => {
  expect(await things().countDocuments({ _id: { $gte: 200 } })).toBe(50);
  expect(await things().countDocuments({}, { skip: 240, limit: 20 })).toBe(10);
  expect(await things().estimatedDocumentCount()).toBe(250);
  expect(
    await engine.db.command({ count: 'things', query: { _id: { $lt: 10 } }, skip: 2, limit: 5 }),
  ).toMatchObject({ n: 5 });
  expect(await engine.db.collection('nothing').countDocuments()).toBe(0);
  expect(await engine.db.collection('nothing').find().toArray()).toEqual([]);
});

test('distinct takes the elements of arrays, and equal numbers once', async () => {
  await things().updateOne({ _id: 1 }, { $set: { tags: [3, 1] } });
  await things().updateOne({ _id: 2 }, { $set: { tags: [1, Long.fromNumber(3)] as number[] } });
  expect((await things().distinct('tags')).sort()).toEqual([1, 3]);
  expect(await things().distinct('_id', { _id: { $lt: 2 } })).toEqual([0, 1]);
  expect(await things().distinct('nothing')).toEqual([]);
});

test('an aggregation is matched, sorted and cut', async () => {
  const pipeline = [{ $match: { _id: { $gt: 100 } } }, { $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 2 }];
  expect(await things().aggregate(pipeline).toArray()).toEqual([{ _id: 248 }, { _id: 247 }]);
  const aggregate = { aggregate: 'things', pipeline: [{ $sort: { _id: 1 } }], cursor: { batchSize: 1 } };
  const { cursor } = await engine.db.command(aggregate, { promoteLongs: false });
  expect(idsOf(cursor.firstBatch)).toEqual([0]);
  expect(idsOf((await more(cursor.id)).cursor.nextBatch)).toEqual(ids(1, 250));
});

test.each<[string, Document, number]>([
  ['a stage nobody knows', { pipeline: [{ $foo: {} }], cursor: {} }, 40324],
  ['a stage of two', { pipeline: [{ $match: {}, $limit: 1 }], cursor: {} }, 40323],
  ['a limit of nothing', { pipeline: [{ $limit: 0 }], cursor: {} }, 15958],
  ['a direction that is none', { pipeline: [{ $sort: { a: 2 } }], cursor: {} }, 15975],
  ['no cursor', { pipeline: [] }, 9],
])('a pipeline with %s is refused', async (_what, command, code) => {
  await expect(engine.db.command({ aggregate: 'things', ...command })).rejects.toMatchObject({ code });
});
