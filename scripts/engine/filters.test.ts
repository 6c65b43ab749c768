import { BSON, BSONRegExp, Decimal128, type Document, Long } from 'bson';
import { expect, test } from 'vitest';
import { decode } from './codec.ts';
import { compileFilter } from './query.ts';
import type { Doc } from './values.ts';

// What people type into mongosh and Compass: regular expressions, and operators for arrays and numbers.

const doc = (document: Document): Doc => decode(Buffer.from(BSON.serialize(document)));
const matches = (filter: Document, document: Document) => compileFilter(doc(filter))(doc(document));

test.each<[Document, Document, boolean]>([
  [{ a: /^b/ }, { a: 'bar' }, true],
  [{ a: /^b/ }, { a: ['x', 'bar'] }, true],
  [{ a: /^b/ }, { a: 1 }, false],
  [{ a: /B/i }, { a: 'abc' }, true],
  [{ a: { $regex: 'B', $options: 'i' } }, { a: 'abc' }, true],
  [{ a: { $options: 'i', $regex: 'B', $ne: 'abc' } }, { a: 'abc' }, false],
  [{ a: /b/ }, { a: /b/ }, true],
  [{ a: { $eq: /b/ } }, { a: 'b' }, false],
  [{ a: { $in: [1, /^b/] } }, { a: 'bar' }, true],
  [{ a: { $nin: [/^b/] } }, { a: 'bar' }, false],
  [{ a: { $not: /^b/ } }, { a: 'bar' }, false],
  [{ a: { $not: /^b/ } }, {}, true],
  [{ a: { $all: [/^b/, /r$/] } }, { a: ['bx', 'xr'] }, true],
  [{ a: { $size: 2 } }, { a: [1, [2]] }, true],
  [{ a: { $size: 1 } }, { a: [[1, 2]] }, true],
  [{ a: { $size: 0 } }, {}, false],
  [{ 'a.b': { $size: 2 } }, { a: [{ b: [1, 2] }] }, true],
  [{ a: { $all: [1, 2] } }, { a: [2, 1, 0] }, true],
  [{ a: { $all: [1, 2] } }, { a: [1] }, false],
  [{ a: { $all: [1] } }, { a: 1 }, true],
  [{ a: { $all: [[1, 2]] } }, { a: [1, 2] }, true],
  [{ a: { $all: [] } }, { a: [] }, false],
  [{ a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } }, { a: [{ b: 1 }, { b: 2 }] }, true],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 5] }, false],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 2] }, true],
  [{ a: { $elemMatch: { $gt: 1 } } }, { a: 2 }, false],
  [{ a: { $elemMatch: { $gt: 1 } } }, { a: [[2]] }, false],
  [{ a: { $elemMatch: { $not: { $gt: 1 } } } }, { a: [5, 0] }, true],
  [{ a: { $elemMatch: { $in: [/x/] } } }, { a: ['axb'] }, true],
  [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }, false],
  [{ a: { $elemMatch: { b: 1, c: { $gt: 1 } } } }, { a: [{ b: 1, c: 2 }] }, true],
  [{ a: { $elemMatch: { $or: [{ b: 1 }, { b: 2 }] } } }, { a: [{ b: 2 }] }, true],
  [{ a: { $elemMatch: { 0: 1 } } }, { a: [[1]] }, true],
  [{ a: { $elemMatch: {} } }, { a: [1] }, false],
  [{ a: { $elemMatch: { $elemMatch: { $eq: 1 } } } }, { a: [[1]] }, true],
  [{ 'a.b': { $elemMatch: { c: 1 } } }, { a: { b: [{ c: 1 }] } }, true],
  [{ a: { $mod: [4, 1] } }, { a: 5 }, true],
  [{ a: { $mod: [4, -1] } }, { a: -5 }, true],
  [{ a: { $mod: [4.9, 1] } }, { a: Decimal128.fromString('5.9') }, true],
  [{ a: { $mod: [4, 0] } }, { a: Number.POSITIVE_INFINITY }, false],
  [{ a: { $mod: [2, 1] } }, { a: Long.fromString('9007199254740993') }, true],
  [{ a: { $mod: [2, 1] } }, { a: '1' }, false],
  [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }, true],
  [{ $expr: '$missing' }, {}, false],
])('%j on %j is %s', (filter, document, expected) => {
  expect(matches(filter, document)).toBe(expected);
});

test.each<[string, string, string, boolean]>([
  ['a.c', '', 'a\rc', true],
  ['a.c', '', 'a\nc', false],
  ['a.c', 's', 'a\nc', true],
  ['b$', '', 'ab\n', true],
  ['b$', '', 'b\na', false],
  ['b$', 'm', 'b\na', true],
  ['^a', '', 'b\na', false],
  ['^a', 'm', 'b\na', true],
  ['^', 'm', 'a\n', true],
  ['a\\sb', '', 'a\u00a0b', false],
  ['a\\sb', '', 'a b', true],
  ['[\\s]', '', '\t', true],
  ['a\\.b\\-c\\/d\\@e', '', 'a.b-c/d@e', true],
  ['^[\\w.+-]+@[\\w-]+\\.[a-z]{2,}$', 'i', 'Ann.B@Shop.example', true],
  ['{x}', '', '{x}', true],
  ['a{,2}', '', 'a{,2}', true],
  ['[]x]', '', ']', true],
  ['[^]x]', '', 'x', false],
  ['(?:ab)+(?=c)(?!cd)', '', 'ababce', true],
  ['^.$', '', '\u{1f600}', true],
  ['É', 'i', 'é', true],
])('/%s/%s on %j is %s, as in PCRE', (pattern, options, text, expected) => {
  expect(matches({ a: new BSONRegExp(pattern, options) }, { a: text })).toBe(expected);
});

test.each<[Document, number]>([
  [{ a: { $regex: 'a', $options: 'q' } }, 51108],
  [{ a: { $regex: 'a', $options: 'x' } }, 238],
  [{ a: { $regex: 'a\0' } }, 2],
  [{ a: { $regex: '[a' } }, 51091],
  [{ a: { $regex: 'a**' } }, 51091],
  [{ a: { $regex: '(?i)a' } }, 238],
  [{ a: { $regex: 'a++' } }, 238],
  [{ a: { $regex: '(a)\\1' } }, 238],
  [{ a: { $regex: '[[:alpha:]]' } }, 238],
  [{ a: { $regex: 1 } }, 2],
  [{ a: { $options: 'i' } }, 2],
  [{ a: { $regex: /a/i, $options: 'm' } }, 51074],
  [{ a: { $options: 'm', $regex: /a/i } }, 51075],
  [{ a: { $ne: /a/ } }, 2],
  [{ a: { $gt: /a/ } }, 2],
  [{ a: { $size: -1 } }, 2],
  [{ a: { $size: 1.5 } }, 2],
  [{ a: { $size: 'x' } }, 2],
  [{ a: { $all: 1 } }, 2],
  [{ a: { $all: [{ $gt: 1 }] } }, 2],
  [{ a: { $all: [1, { $elemMatch: {} }] } }, 2],
  [{ a: { $elemMatch: 1 } }, 2],
  [{ a: { $elemMatch: { $expr: true } } }, 2],
  [{ a: { $mod: [0, 1] } }, 2],
  [{ a: { $mod: [1] } }, 2],
  [{ a: { $mod: [1, 2, 3] } }, 2],
  [{ a: { $mod: ['x', 1] } }, 2],
  [{ a: { $not: {} } }, 2],
  [{ $expr: { $foo: 1 } }, 168],
])('%j is refused with %i', (filter, code) => {
  expect(() => compileFilter(doc(filter))).toThrowError(expect.objectContaining({ code }));
});
