import type { Document } from 'mongodb';
import { beforeEach, expect, test } from 'vitest';
import { onEngine } from './engine.ts';

// Array projections of find.

const engine = onEngine();
const things = () => engine.db.collection<Document & { _id: number }>('things');
beforeEach(async () => {
  await things().insertOne({
    _id: 1,
    n: 1,
    a: [1, 5, 9, 13],
    b: [
      { x: 1, y: 'p' },
      { x: 2, y: 'q' },
      { x: 2, y: 'r' },
    ],
    c: { d: [1, 2, 3] },
  });
});

test.each<[Document, Document, Document]>([
  [{}, { a: { $slice: 2 }, b: 0, c: 0 }, { _id: 1, n: 1, a: [1, 5] }],
  [{}, { a: { $slice: -1 }, n: 1 }, { _id: 1, n: 1, a: [13] }],
  [{}, { a: { $slice: [1, 2] }, _id: 0, n: 1 }, { n: 1, a: [5, 9] }],
  [{}, { a: { $slice: [-2, 1] }, n: 1 }, { _id: 1, n: 1, a: [9] }],
  [{}, { 'c.d': { $slice: 1 }, n: 1 }, { _id: 1, n: 1, c: { d: [1] } }],
  [{}, { n: { $slice: 1 }, _id: 1 }, { _id: 1, n: 1 }],
  [{}, { b: { $elemMatch: { x: 2 } } }, { _id: 1, b: [{ x: 2, y: 'q' }] }],
  [{}, { b: { $elemMatch: { x: 3 } }, n: 1 }, { _id: 1, n: 1 }],
  [{}, { a: { $elemMatch: { $gte: 5 } } }, { _id: 1, a: [5] }],
  [{}, { a: { $elemMatch: { $gte: 5 } }, _id: 0 }, { a: [5] }],
  [{ a: { $gt: 5 } }, { 'a.$': 1 }, { _id: 1, a: [9] }],
  [{ b: { $elemMatch: { x: 2, y: 'r' } } }, { 'b.$': 1, n: 1 }, { _id: 1, n: 1, b: [{ x: 2, y: 'r' }] }],
  [{ 'b.y': 'q' }, { 'b.$': 1, _id: 0 }, { b: [{ x: 2, y: 'q' }] }],
])('found by %j and projected by %j', async (filter, projection, expected) => {
  expect(await things().findOne(filter, { projection })).toEqual(expected);
});

test('findAndModify projects as find does', async () => {
  const options = { projection: { 'a.$': 1 } };
  expect(await things().findOneAndUpdate({ a: 5 }, { $set: { n: 2 } }, options)).toEqual({ _id: 1, a: [5] });
});

test.each<[Document, number]>([
  [{ 'b.x': { $elemMatch: { $gt: 1 } } }, 31275],
  [{ 'a.$': 1, 'b.$': 1 }, 31276],
  [{ a: { $slice: 'x' } }, 28667],
  [{ 'b.$.x': 1 }, 31394],
  [{ 'a.$': 0 }, 31395],
  [{ 'a.$': 'x' }, 31308],
  [{ 'a.$': { $slice: 1 } }, 31271],
  [{ 'a.$': 1, b: { $elemMatch: { x: 1 } } }, 31255],
  [{ b: { $elemMatch: { x: 1 } }, 'a.$': 1 }, 31256],
  [{ b: { $elemMatch: 1 } }, 31274],
  [{ n: 0, x: '$a' }, 31310],
  [{ n: 0, x: { $add: [1, 2] } }, 31252],
  [{ x: { $frob: 1 } }, 31325],
  [{ c: 1, 'c.d': 1 }, 31249],
  [{ 'c.d': 1, c: 1 }, 31250],
])('the projection %j is refused with %i', async (projection, code) => {
  await expect(things().findOne({ a: 5 }, { projection })).rejects.toMatchObject({ code });
});
