import {
  Binary,
  BSON,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { expect, test } from 'vitest';
import { decode, encode } from './codec.ts';
import { compare, keyOf } from './compare.ts';
import { compileFilter } from './query.ts';
import { applyUpdate } from './update.ts';
import { compileUpdate } from './update-spec.ts';
import type { Doc, Value } from './values.ts';

const doc = (document: Document): Doc => decode(Buffer.from(BSON.serialize(document)));
const value = (v: unknown): Value => doc({ v }).get('v') as Value;
const matches = (filter: Document, document: Document) => compileFilter(doc(filter))(doc(document));
const after = (document: Document, change: Document) =>
  BSON.deserialize(encode(applyUpdate(compileUpdate(doc(change)), doc(document), false)));

/** One value of each type, in MongoDB's order. */
const ascending = [
  new MinKey(),
  null,
  new Double(Number.NaN),
  new Double(Number.NEGATIVE_INFINITY),
  Long.fromString('-9007199254740993'),
  new Double(-9007199254740992),
  Decimal128.fromString('-0.5'),
  new Int32(0),
  Decimal128.fromString('0.1'),
  new Double(0.1),
  new Int32(1),
  Decimal128.fromString('1E+400'),
  new Double(Number.POSITIVE_INFINITY),
  '',
  'B',
  'a',
  '\uffff',
  '\u{1f600}',
  {},
  { a: 1 },
  { b: 0 },
  { a: 'x' },
  [],
  [1],
  [1, 2],
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

test('every two values are ordered as BSON says', () => {
  const values = ascending.map(value);
  for (const [i, a] of values.entries()) {
    for (const [j, b] of values.entries()) {
      expect(Math.sign(compare(a, b)), `${i} against ${j}`).toBe(Math.sign(i - j));
      expect(keyOf(a) === keyOf(b), `keys of ${i} and ${j}`).toBe(i === j);
    }
  }
});

test('a number is equal to itself in every type', () => {
  const ones = [new Int32(10), new Double(10), Long.fromNumber(10), Decimal128.fromString('10.0')].map(value);
  for (const a of ones) for (const b of ones) expect([compare(a, b), keyOf(a)]).toEqual([0, keyOf(b)]);
  expect(keyOf(value(new Double(0.5)))).toBe(keyOf(value(Decimal128.fromString('0.50'))));
  expect(compare(value(new Double(-0)), value(new Int32(0)))).toBe(0);
});

test.each<[Document, Document, boolean]>([
  [{ a: 1 }, { a: Long.fromNumber(1) }, true],
  [{ a: null }, {}, true],
  [{ a: null }, { a: 0 }, false],
  [{ 'a.b': null }, { a: 5 }, true],
  [{ 'a.b': null }, { a: [1] }, false],
  [{ 'a.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }, true],
  [{ 'a.0': 1 }, { a: [1, 2] }, true],
  [{ 'a.1.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }, true],
  [{ a: [1, 2] }, { a: [1, 2] }, true],
  [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, false],
  [{ a: { $gt: 1 } }, { a: '2' }, false],
  [{ a: { $gt: 1, $lt: 3 } }, { a: [0, 5] }, true],
  [{ a: { $gte: null } }, {}, true],
  [{ a: { $gt: null } }, { a: 1 }, false],
  [{ a: { $lt: 5 } }, { a: Number.NaN }, false],
  [{ a: { $gt: new MinKey() } }, { a: 'x' }, true],
  [{ a: { $ne: 1 } }, { a: [1, 2] }, false],
  [{ a: { $ne: 1 } }, {}, true],
  [{ a: { $in: [null, 3] } }, {}, true],
  [{ a: { $nin: [1] } }, { a: 2 }, true],
  [{ a: { $exists: false } }, { a: null }, false],
  [{ 'a.b': { $exists: true } }, { a: [{ b: 1 }] }, true],
  [{ a: { $not: { $gt: 1 } } }, {}, true],
  [{ a: { $type: 'long' } }, { a: 1 }, false],
  [{ a: { $type: ['int', 'string'] } }, { a: 1 }, true],
  [{ a: { $type: 'array' } }, { a: [] }, true],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
  [{ $nor: [{ a: 1 }, { b: 1 }] }, { b: 1 }, false],
  [{ $and: [{ a: 1 }, { b: 1 }] }, { b: 1 }, false],
  [JSON.parse('{"__proto__": null}'), { a: 1 }, true],
  [{ constructor: { $exists: true } }, { a: 1 }, false],
])('%j on %j is %s', (filter, document, expected) => {
  expect(matches(filter, document)).toBe(expected);
});

test('an update leaves the document it started from as it was', () => {
  const before = doc({ _id: 1, a: { b: [1, { c: 2 }] } });
  const bytes = encode(before);
  const changed = applyUpdate(compileUpdate(doc({ $set: { 'a.b.1.c': 3, 'a.b.3': 4 } })), before, false);
  expect(BSON.deserialize(encode(changed))).toEqual({ _id: 1, a: { b: [1, { c: 3 }, null, 4] } });
  expect(Buffer.compare(encode(before), bytes)).toBe(0);
});

test('$unset takes fields out, leaves null in arrays and makes nothing', () => {
  expect(
    after(
      { _id: 1, a: 1, b: { c: 1, d: 2 }, l: [1, 2] },
      { $unset: { a: 1, 'b.c': 1, 'l.0': 1, 'x.y': 1, '_no.z': 1 } },
    ),
  ).toEqual({
    _id: 1,
    b: { d: 2 },
    l: [null, 2],
  });
});

test('a replacement keeps the _id and nothing else', () => {
  expect(after({ _id: 1, a: 1 }, { b: 2 })).toEqual({ _id: 1, b: 2 });
});
