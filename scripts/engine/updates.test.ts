import { BSON, Decimal128, type Document, Double, Int32, Long, Timestamp } from 'bson';
import { expect, test } from 'vitest';
import { decode, encode } from './codec.ts';
import { applyUpdate } from './update.ts';
import { compileUpdate } from './update-spec.ts';
import type { Doc } from './values.ts';

const doc = (document: Document): Doc => decode(Buffer.from(BSON.serialize(document)));
const after = (document: Document, change: Document, promoteValues = true) =>
  BSON.deserialize(encode(applyUpdate(compileUpdate(doc(change)), doc({ _id: 1, ...document }), false)), {
    promoteValues,
  });

test.each<[Document, Document, Document]>([
  [{}, { $push: { a: 1 } }, { a: [1] }],
  [{ a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
  [{ a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
  [{}, { $push: { a: { $each: [] } } }, { a: [] }],
  [{ a: [1, 4] }, { $push: { a: { $each: [2, 3], $position: 1 } } }, { a: [1, 2, 3, 4] }],
  [{ a: [1, 4] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 9, 4] }],
  [{ a: [1] }, { $push: { a: { $each: [9], $position: -5 } } }, { a: [9, 1] }],
  [{}, { $push: { a: { $each: [3, 1, 2], $sort: -1, $slice: 2 } } }, { a: [3, 2] }],
  [{ a: [1, 2, 3] }, { $push: { a: { $each: [4], $slice: -2 } } }, { a: [3, 4] }],
  [{ a: [1, 2, 3] }, { $push: { a: { $each: [], $slice: 0 } } }, { a: [] }],
  [
    { a: [{ n: 2, t: 'x' }, { n: 1 }] },
    { $push: { a: { $each: [{ n: 2, t: 'a' }], $sort: { n: -1, t: 1 } } } },
    { a: [{ n: 2, t: 'a' }, { n: 2, t: 'x' }, { n: 1 }] },
  ],
  [{ a: [1, '1'] }, { $addToSet: { a: 1 } }, { a: [1, '1'] }],
  [{}, { $addToSet: { a: { $each: [1, 1, 2] } } }, { a: [1, 2] }],
  [
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  [{ a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  [{ a: [1, 5, 9] }, { $pull: { a: { $gt: 1, $lt: 9 } } }, { a: [1, 9] }],
  [{ a: [{ b: 1, c: 1 }, { b: 2 }, 1] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }, 1] }],
  [{ a: ['ab', 'b'] }, { $pull: { a: /^a/ } }, { a: ['b'] }],
  [{ a: [[1, 2], 1] }, { $pull: { a: [1, 2] } }, { a: [1] }],
  [
    { a: [{ b: [{ c: 1 }] }, { b: [] }] },
    { $pull: { a: { b: { $elemMatch: { c: 1 } } } } },
    { a: [{ b: [] }] },
  ],
  [{ b: 1 }, { $pull: { a: 1, 'b.c': 1 } }, { b: 1 }],
  [{ a: [1, 2, 3, 1] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  [{ a: [1, 2, 3], b: [1, 2], c: [] }, { $pop: { a: 1, b: -1, c: 1, d: 1 } }, { a: [1, 2], b: [2], c: [] }],
  [
    { a: 5, b: 5 },
    { $min: { a: 3, b: 9, c: 1 }, $max: { d: 2 } },
    { a: 3, b: 5, c: 1, d: 2 },
  ],
  [{ a: 5, b: 'x' }, { $max: { a: 9, b: 5 } }, { a: 9, b: 'x' }],
  [{ a: 1, b: 2 }, { $rename: { a: 'c.d', no: 'b' } }, { b: 2, c: { d: 1 } }],
  [{ a: { b: 1 }, c: 2 }, { $rename: { 'a.b': 'c' } }, { a: {}, c: 1 }],
  [{ z: 1 }, { $rename: { z: 'a' }, $set: { b: 1 } }, { a: 1, b: 1 }],
])('%j after %j is %j', (before, change, expected) => {
  const { _id, ...rest } = after(before, change);
  expect(rest).toEqual(expected);
});

test('$mul keeps the type of numbers, and makes a missing field the zero of its type', () => {
  const before = { int: new Int32(2 ** 30), long: Long.fromNumber(3), double: new Double(0.5) };
  const by = { int: new Int32(4), long: 2, double: 3, none: Long.fromNumber(7) };
  const { _id, ...changed } = after(before, { $mul: by }, false);
  const longs = { int: Long.fromNumber(2 ** 32), long: Long.fromNumber(6), none: Long.ZERO };
  expect(changed).toEqual({ ...longs, double: new Double(1.5) });
});

test('$currentDate sets the time, as a date or a timestamp', () => {
  const { a, b, c } = after(
    {},
    { $currentDate: { a: true, b: { $type: 'date' }, c: { $type: 'timestamp' } } },
  );
  expect([a, b]).toEqual([expect.any(Date), expect.any(Date)]);
  expect(c).toBeInstanceOf(Timestamp);
  expect(Math.abs(Date.now() - a.getTime())).toBeLessThan(60_000);
});

const big = Long.MAX_VALUE;
const text = { t: 'x', n: 1, list: [1], big };
test.each<[Document, number]>([
  [{ $push: { t: 1 } }, 2],
  [{ $push: { list: { $each: 1 } } }, 2],
  [{ $push: { list: { $each: [], $foo: 1 } } }, 2],
  [{ $push: { list: { $each: [], $slice: 'x' } } }, 2],
  [{ $push: { list: { $each: [], $position: 1.5 } } }, 2],
  [{ $push: { list: { $each: [], $sort: 2 } } }, 2],
  [{ $push: { list: { $each: [], $sort: {} } } }, 2],
  [{ $push: { 'n.x': 1 } }, 28],
  [{ $addToSet: { t: 1 } }, 2],
  [{ $addToSet: { list: { $each: 1 } } }, 14],
  [{ $addToSet: { list: { $each: [], x: 1 } } }, 2],
  [{ $pull: { t: 'x' } }, 2],
  [{ $pullAll: { list: 1 } }, 2],
  [{ $pop: { list: 2 } }, 9],
  [{ $pop: { list: 'x' } }, 9],
  [{ $pop: { t: 1 } }, 14],
  [{ $pop: { 't.x': 1 } }, 28],
  [{ $pop: { 'list.x': 1 } }, 28],
  [{ $mul: { t: 2 } }, 14],
  [{ $mul: { n: 'x' } }, 14],
  [{ $mul: { big: 2 } }, 2],
  [{ $inc: { big: 1 } }, 2],
  [{ $mul: { n: Decimal128.fromString('1') } }, 238],
  [{ $mul: { none: Decimal128.fromString('1') } }, 238],
  [{ $currentDate: { a: 'x' } }, 2],
  [{ $currentDate: { a: { $type: 'x' } } }, 2],
  [{ $rename: { t: 1 } }, 2],
  [{ $rename: { t: 't' } }, 2],
  [{ $rename: { t: 't.x' } }, 2],
  [{ $rename: { 'list.0': 'a' } }, 2],
  [{ $rename: { t: 'list.0' } }, 2],
  [{ $rename: { t: 'n' }, $set: { n: 1 } }, 40],
  [{ $push: { list: 1 }, $pull: { list: 1 } }, 40],
  [{ $push: 1 }, 9],
])('%j is refused with %i', (change, code) => {
  expect(() => after(text, change)).toThrowError(expect.objectContaining({ code }));
});
