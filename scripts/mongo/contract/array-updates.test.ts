import { type Document, Int32, Long } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

interface Thing extends Document {
  _id: number;
}

const engine = onEngine();
const things = () => engine.db.collection<Thing>('things');
const cart = () => ({
  _id: 1,
  items: [
    { sku: 'tea', n: 1 },
    { sku: 'mug', n: 2 },
    { sku: 'tea', n: 3 },
  ],
  tags: [5, 1, 5],
});

/** The document after one write, without its _id. */
async function after(q: Document, u: Document, arrayFilters?: Document[]): Promise<Document> {
  await things().insertOne(cart());
  const write = arrayFilters === undefined ? { q, u } : { q, u, arrayFilters };
  const reply = await engine.db.command({ update: 'things', updates: [write] });
  expect(reply.writeErrors).toBeUndefined();
  const { _id, ...rest } = (await things().findOne()) ?? {};
  return rest;
}
const counts = ({ items }: Document) => items.map(({ n }: Document) => n);

test.each<[Document, number[]]>([
  [{ 'items.sku': 'tea' }, [9, 2, 3]],
  [{ 'items.sku': 'mug' }, [1, 9, 3]],
  [{ items: { $elemMatch: { sku: 'tea', n: { $gt: 1 } } } }, [1, 2, 9]],
  [{ items: { sku: 'mug', n: 2 } }, [1, 9, 3]],
  [{ 'items.n': { $in: [3, 4] } }, [1, 2, 9]],
  [{ 'items.sku': /^m/ }, [1, 9, 3]],
  [{ $and: [{ _id: 1 }, { 'items.n': { $gt: 1 } }] }, [1, 9, 3]],
])('$ is the element that matched %j', async (filter, expected) => {
  expect(counts(await after(filter, { $set: { 'items.$.n': 9 } }))).toEqual(expected);
});

test('$ may be a whole element, and be removed', async () => {
  expect((await after({ tags: 1 }, { $set: { 'tags.$': 7 } })).tags).toEqual([5, 7, 5]);
  await things().updateOne({ tags: 5 }, { $unset: { 'tags.$': '' } });
  expect((await things().findOne())?.tags).toEqual([null, 7, 5]);
});

test('$[] is every element', async () => {
  expect(counts(await after({}, { $inc: { 'items.$[].n': 1, 'tags.$[]': 10 } }))).toEqual([2, 3, 4]);
  expect((await things().findOne())?.tags).toEqual([15, 11, 15]);
});

test.each<[Document, Document[], number[]]>([
  [{ $set: { 'items.$[i].n': 9 } }, [{ 'i.sku': 'tea' }], [9, 2, 9]],
  [{ $set: { 'items.$[i].n': 9 } }, [{ 'i.sku': 'tea', 'i.n': { $gt: 1 } }], [1, 2, 9]],
  [{ $set: { 'items.$[i].n': 9 } }, [{ $or: [{ 'i.n': 1 }, { 'i.n': 2 }] }], [9, 9, 3]],
  [{ $set: { 'items.$[i].n': 9 } }, [{ 'i.sku': 'cup' }], [1, 2, 3]],
  [{ $inc: { 'items.$[a].n': 1 }, $mul: { 'items.$[b].n': 5 } }, [{ 'a.n': 1 }, { 'b.n': 2 }], [2, 10, 3]],
])('%j with the array filters %j', async (update, filters, expected) => {
  expect(counts(await after({}, update, filters))).toEqual(expected);
});

test('array filters reach into arrays of arrays', async () => {
  await things().insertOne({ _id: 1, rows: [{ cells: [1, 2] }, { cells: [2, 3] }] });
  await things().updateOne({}, { $set: { 'rows.$[].cells.$[c]': 0 } }, { arrayFilters: [{ c: 2 }] });
  expect((await things().findOne())?.rows).toEqual([{ cells: [1, 0] }, { cells: [0, 3] }]);
});

test('updateMany and findAndModify take array filters too', async () => {
  await things().insertMany([cart(), { ...cart(), _id: 2 }]);
  const options = { arrayFilters: [{ t: { $gt: 1 } }] };
  expect(await things().updateMany({}, { $set: { 'tags.$[t]': 0 } }, options)).toMatchObject({
    modifiedCount: 2,
  });
  const found = await things().findOneAndUpdate(
    { _id: 2 },
    { $set: { 'tags.$[t]': 8 } },
    { arrayFilters: [{ t: 1 }], returnDocument: 'after' },
  );
  expect(found?.tags).toEqual([0, 8, 0]);
});

test.each<[string, Document, Document, number]>([
  ['$ where the filter meets no array', { _id: 1 }, { $set: { 'items.$.n': 1 } }, 2],
  ['$ in the first place', { 'items.n': 1 }, { $set: { '$.n': 1 } }, 2],
  ['two $', { 'items.n': 1 }, { $set: { 'items.$.a.$': 1 } }, 2],
  ['$[] in the first place', {}, { $set: { '$[].n': 1 } }, 2],
  ['$[] on what is no array', {}, { $set: { '_id.$[]': 1 } }, 2],
  ['$[] on what is not there', {}, { $set: { 'none.$[]': 1 } }, 2],
  ['an identifier without a filter', {}, { $set: { 'tags.$[x]': 1 } }, 2],
  ['a field of elements that are none', {}, { $set: { 'tags.$[].x': 1 } }, 28],
  ['$[] beside a position', {}, { $set: { 'tags.$[]': 1, 'tags.0': 1 } }, 40],
  ['$ beside the same position', { tags: 5 }, { $set: { 'tags.$': 1, 'tags.0': 1 } }, 40],
  ['$[] as the source of $rename', {}, { $rename: { 'items.$[].n': 'm' } }, 2],
  ['$[] as the target of $rename', {}, { $rename: { tags: 'items.$[].m' } }, 2],
])('%s is refused', async (_what, q, u, code) => {
  await things().insertOne(cart());
  const reply = await engine.db.command({ update: 'things', updates: [{ q, u }] });
  expect(reply).toMatchObject({ n: 0, writeErrors: [{ code }] });
  expect(await things().findOne()).toEqual(cart());
});

test.each<[string, Document[], number]>([
  ['nobody uses', [{ x: 1 }, { y: 1 }], 9],
  ['names nothing', [{}, { x: 1 }], 9],
  ['names two', [{ x: 1, y: 1 }], 9],
  ['comes twice', [{ x: 1 }, { x: 2 }], 9],
  ['has a name in capitals', [{ X: 1 }], 2],
  ['has an operator nobody knows', [{ x: { $foo: 1 } }], 2],
])('an array filter that %s is refused', async (_what, arrayFilters, code) => {
  await things().insertOne(cart());
  const write = { q: {}, u: { $set: { 'tags.$[x]': 1 } }, arrayFilters };
  const reply = await engine.db.command({ update: 'things', updates: [write] });
  expect(reply).toMatchObject({ n: 0, writeErrors: [{ code }] });
});

test('array filters for a replacement are refused', async () => {
  const write = { q: {}, u: { a: 1 }, arrayFilters: [{ x: 1 }] };
  const reply = await engine.db.command({ update: 'things', updates: [write] });
  expect(reply).toMatchObject({ n: 0, writeErrors: [{ code: 9 }] });
});

test('an upsert matches no element', async () => {
  const write = { q: { 'tags.x': 1 }, u: { $set: { 'items.$.n': 1 } }, upsert: true };
  expect(await engine.db.command({ update: 'things', updates: [write] })).toMatchObject({
    writeErrors: [{ code: 2 }],
  });
});

test('$bit works on the bits of ints and longs', async () => {
  await things().insertOne({ _id: 1, int: new Int32(12), long: Long.fromNumber(5) });
  const change: Document = {
    int: { and: new Int32(10) },
    long: { or: new Int32(2) },
    none: { xor: Long.fromNumber(3) },
  };
  await things().updateOne({}, { $bit: change });
  expect(await things().findOne({}, { promoteValues: false })).toEqual({
    _id: new Int32(1),
    int: new Int32(8),
    long: Long.fromNumber(7),
    none: Long.fromNumber(3),
  });
});

test.each([1, {}, { nand: new Int32(1) }, { and: 1.5 }])('$bit by %j is refused', async (operand) => {
  await things().insertOne({ _id: 1, n: 1 });
  const reply = await engine.db.command({
    update: 'things',
    updates: [{ q: {}, u: { $bit: { n: operand } } }],
  });
  expect(reply).toMatchObject({ n: 0, writeErrors: [{ code: 2 }] });
});
