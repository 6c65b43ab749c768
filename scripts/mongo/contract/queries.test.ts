import {
  Binary,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

const engine = onEngine();
const things = () => engine.db.collection<{ _id: number; v?: unknown }>('things');

/** One value a type, in the order of types (MongoDB manual, "Comparison/Sort Order"). */
const ascending = [
  new MinKey(),
  null,
  new Int32(-3),
  Decimal128.fromString('-0.5'),
  new Double(0.25),
  Long.fromNumber(1),
  'B',
  'a',
  { a: 1 },
  { b: 0 },
  new Binary(Buffer.from('b')),
  new Binary(Buffer.from('aa')),
  new ObjectId('0'.repeat(24)),
  new ObjectId('f'.repeat(24)),
  false,
  true,
  new Date(-1),
  new Date(1),
  new Timestamp({ t: 1, i: 1 }),
  new MaxKey(),
];

test('types sort in the order of the manual, both ways', async () => {
  const order = ascending.map((_, i) => i);
  await things().insertMany([...ascending.entries()].reverse().map(([_id, v]) => ({ _id, v })));
  const ids = async (direction: 1 | -1) =>
    (await things().find().sort({ v: direction }).toArray()).map(({ _id }) => _id);
  expect(await ids(1)).toEqual(order);
  expect(await ids(-1)).toEqual([...order].reverse());
});

test('a comparison stays within the type of its value, but for MinKey and MaxKey', async () => {
  await things().insertMany(ascending.map((v, _id) => ({ _id, v })));
  const values = async (v: Document) =>
    (await things().find({ v }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  expect(await values({ $gt: 0 })).toEqual([4, 5]);
  expect(await values({ $lt: 'a' })).toEqual([6]);
  expect(await values({ $lt: new Date(0) })).toEqual([16]);
  expect(await values({ $gte: false })).toEqual([14, 15]);
  expect(await values({ $gt: new MinKey() })).toEqual(ascending.map((_, i) => i).slice(1));
});

test('an array is sorted by its smallest element, descending by its largest; an empty one precedes null', async () => {
  await things().insertMany([
    { _id: 1, v: [5, 9] },
    { _id: 2, v: [1, 7] },
    { _id: 3, v: 6 },
    { _id: 4 },
    { _id: 5, v: [] },
  ]);
  const ids = async (direction: 1 | -1) =>
    (await things().find().sort({ v: direction }).toArray()).map(({ _id }) => _id);
  expect(await ids(1)).toEqual([5, 4, 2, 1, 3]);
  expect(await ids(-1)).toEqual([1, 2, 3, 4, 5]);
});

const one = {
  int: new Int32(1),
  double: new Double(1),
  long: Long.fromNumber(1),
  decimal: Decimal128.fromString('1.0'),
};

test.each(Object.keys(one))('an equal number of another type is found: %s', async (type) => {
  await things().insertMany(Object.values(one).map((v, _id) => ({ _id, v })));
  expect(await things().countDocuments({ v: one[type as keyof typeof one] })).toBe(4);
});

test.each<[Document, Document, boolean]>([
  [{ v: new Double(9007199254740992) }, { v: Long.fromString('9007199254740993') }, false],
  [{ v: { $gt: new Double(9007199254740992) } }, { v: Long.fromString('9007199254740993') }, true],
  [{ v: null }, {}, true],
  [{ v: null }, { v: null }, true],
  [{ v: null }, { v: 0 }, false],
  [{ v: { $exists: false } }, { v: null }, false],
  [{ v: { $exists: true } }, { v: null }, true],
  [{ v: { $ne: 1 } }, {}, true],
  [{ v: 1 }, { v: [1, 2] }, true],
  [{ v: [1, 2] }, { v: [1, 2] }, true],
  [{ v: [2, 1] }, { v: [1, 2] }, false],
  [{ v: [1] }, { v: [[1]] }, true],
  [{ v: { $ne: 1 } }, { v: [1, 2] }, false],
  [{ v: { $nin: [1, 3] } }, { v: [1, 2] }, false],
  [{ v: { $in: [null, 3] } }, {}, true],
  [{ v: { $gt: 1, $lt: 3 } }, { v: [0, 5] }, true],
  [{ v: { $not: { $gt: 1 } } }, {}, true],
  [{ v: { b: 1, c: 2 } }, { v: { b: 1, c: 2 } }, true],
  [{ v: { b: 1, c: 2 } }, { v: { c: 2, b: 1 } }, false],
  [{ v: { b: 1 } }, { v: { b: 1, c: 2 } }, false],
  [{ 'v.b': 1 }, { v: { b: 1, c: 2 } }, true],
  [{ 'v.b': 1 }, { v: [{ b: 2 }, { b: 1 }] }, true],
  [{ 'v.0': 1 }, { v: [1, 2] }, true],
  [{ 'v.1.b': 2 }, { v: [{ b: 1 }, { b: 2 }] }, true],
  [{ 'v.b': { $exists: true } }, { v: [{ b: 1 }] }, true],
  [{ v: { $type: 'int' } }, { v: new Int32(1) }, true],
  [{ v: { $type: 'number' } }, { v: Long.fromNumber(1) }, true],
  [{ v: { $type: 'array' } }, { v: [] }, true],
  [{ v: { $type: ['string', 'int'] } }, { v: 'x' }, true],
  [{ $or: [{ v: 1 }, { w: 1 }] }, { w: 1 }, true],
  [{ $nor: [{ v: 1 }, { w: 1 }] }, { w: 1 }, false],
  [{ $and: [{ v: 1 }, { w: 1 }] }, { w: 1 }, false],
])('%j on %j is %s', async (filter, document, expected) => {
  await things().insertOne({ ...document, _id: 1 });
  expect(await things().countDocuments(filter)).toBe(expected ? 1 : 0);
});

test('a regular expression finds texts, also among _ids', async () => {
  const texts = engine.db.collection<{ _id: string }>('texts');
  await texts.insertMany([{ _id: 'tea' }, { _id: 'Teapot' }, { _id: 'mug' }]);
  expect(await texts.find({ _id: /^te/ }).toArray()).toEqual([{ _id: 'tea' }]);
  expect(await texts.countDocuments({ _id: /^te/i })).toBe(2);
});

test('projections show or hide fields, dotted ones and those in arrays too', async () => {
  await things().insertOne({ _id: 1, v: { b: 1, c: [{ d: 1, e: 2 }] } });
  const shown = (projection: Document) => things().findOne({}, { projection });
  expect(await shown({ 'v.b': 0, 'v.c.e': 0 })).toEqual({ _id: 1, v: { c: [{ d: 1 }] } });
  expect(await shown({ _id: 0, 'v.c.e': 1 })).toEqual({ v: { c: [{ e: 2 }] } });
  expect(await shown({ v: 0 })).toEqual({ _id: 1 });
  expect(await shown({ nothing: 1 })).toEqual({ _id: 1 });
});

test.each([
  ['an unknown operator', { filter: { v: { $foo: 1 } } }, 2],
  ['an unknown operator at the top', { filter: { $foo: 1 } }, 2],
  ['an empty $or', { filter: { $or: [] } }, 2],
  ['$in without a list', { filter: { v: { $in: 1 } } }, 2],
  ['an unknown type', { filter: { v: { $type: 'foo' } } }, 2],
  ['a filter that is no document', { filter: 'x' }, 14],
  ['a field that find does not have', { frob: 1 }, 40415],
  ['showing and hiding', { projection: { a: 1, b: 0 } }, 31254],
  ['hiding and showing', { projection: { a: 0, b: 1 } }, 31253],
])('%s is refused', async (_what, command, code) => {
  await things().insertOne({ _id: 1 });
  await expect(engine.db.command({ find: 'things', ...command })).rejects.toMatchObject({ code });
});
