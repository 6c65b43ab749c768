import fc from 'fast-check';
import {
  Binary,
  BSONRegExp,
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

// Random commands over documents that have every BSON type. One seed makes the same commands on every machine.

const SEED = 20_260_101;
const COUNT = 400;

const VALUES: readonly unknown[] = [
  new Int32(1),
  new Int32(-2),
  new Double(1),
  new Double(1.5),
  new Double(Number.NaN),
  Long.fromString('9007199254740993'),
  Decimal128.fromString('1'),
  '',
  'a',
  'ab\n',
  'É',
  true,
  false,
  null,
  new Date(0),
  new ObjectId('0'.repeat(24)),
  new Timestamp({ t: 1, i: 2 }),
  new Binary(Buffer.from('ab')),
  new BSONRegExp('^a', 'i'),
  new MinKey(),
  new MaxKey(),
  [],
  [new Int32(1), 'a', null],
  [[new Int32(1)], [{ b: new Int32(1) }]],
  [{ b: new Int32(1) }, { b: 'a' }, { c: [] }],
  {},
  { b: new Int32(1) },
  { b: [new Int32(1), new Int32(5)], c: null },
];

/** One document with each value in `a`, and one without `a`. */
export const DOCUMENTS: readonly Document[] = [
  ...VALUES.map((a, _id) => ({ _id: new Int32(_id), a, n: new Int32(_id), t: ['x', 'y'] })),
  { _id: new Int32(VALUES.length), n: Long.fromNumber(7), t: [] },
];

const value = fc.constantFrom(...VALUES);
const plain = fc.constantFrom(...VALUES.filter((one) => !(one instanceof BSONRegExp)));
const path = fc.constantFrom('a', 'a.b', 'a.0', 'a.1.b', 'a.b.0', 'a.c', 'n', 't', 'none');
const number = fc.constantFrom(new Int32(2), new Double(0.5), Long.fromNumber(3), new Int32(2_147_483_647));

const condition: fc.Arbitrary<unknown> = fc.oneof(
  value,
  fc
    .tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), plain)
    .map(([name, operand]) => ({ [name]: operand })),
  fc
    .array(plain, { minLength: 1, maxLength: 3 })
    .chain((all) => fc.constantFrom('$in', '$nin', '$all').map((name) => ({ [name]: all }))),
  fc.boolean().map(($exists) => ({ $exists })),
  fc
    .constantFrom('string', 'number', 'array', 'object', 'null', 'date', 'bool', 16)
    .map(($type) => ({ $type })),
  fc.nat(3).map(($size) => ({ $size: new Int32($size) })),
  plain.map((operand) => ({ $not: { $gt: operand } })),
  plain.map((operand) => ({ $elemMatch: { $gte: operand } })),
  plain.map((b) => ({ $elemMatch: { b } })),
  fc.constantFrom('a', '^a', 'b$', '[^a]', '\\w').map(($regex) => ({ $regex, $options: 'i' })),
);
const clause = fc.tuple(path, condition).map(([name, what]) => ({ [name]: what }));
const filter: fc.Arbitrary<Document> = fc.oneof(
  { arbitrary: clause, weight: 4 },
  fc
    .array(clause, { minLength: 1, maxLength: 2 })
    .chain((all) => fc.constantFrom('$and', '$or', '$nor').map((name) => ({ [name]: all }))),
);
const projection: fc.Arbitrary<Document> = fc.oneof(
  fc.tuple(path, fc.constantFrom(0, 1)).map(([name, shown]) => ({ [name]: shown })),
  fc.integer({ min: -2, max: 2 }).map(($slice) => ({ a: { $slice }, n: 1 })),
  plain.map((b) => ({ a: { $elemMatch: { b } } })),
);
const change: fc.Arbitrary<Document> = fc.oneof(
  fc
    .tuple(fc.constantFrom('$set', '$min', '$max', '$push', '$addToSet', '$pull'), path, plain)
    .map(([name, at, operand]) => ({ [name]: { [at]: operand } })),
  fc
    .tuple(fc.constantFrom('$inc', '$mul'), fc.constantFrom('n', 'none', 't', 'a.b'), number)
    .map(([name, at, by]) => ({ [name]: { [at]: by } })),
  path.map((at) => ({ $unset: { [at]: '' } })),
  fc.tuple(path, fc.constantFrom(1, -1)).map(([at, end]) => ({ $pop: { [at]: end } })),
  fc.tuple(path, fc.constantFrom('moved', 'n', 'a.moved')).map(([at, to]) => ({ $rename: { [at]: to } })),
);

const find = fc.tuple(filter, path, fc.constantFrom(1, -1), projection, fc.boolean()).map(
  ([asked, by, direction, shown, projected]): Document => ({
    find: 'things',
    filter: asked,
    sort: { [by]: direction, _id: 1 },
    ...(projected ? { projection: shown } : {}),
  }),
);
const update = fc
  .tuple(fc.nat(VALUES.length), change)
  .map(([_id, u]): Document => ({ update: 'things', updates: [{ q: { _id }, u }] }));

export const CASES: readonly Document[] = fc.sample(fc.oneof({ arbitrary: find, weight: 2 }, update), {
  seed: SEED,
  numRuns: COUNT,
});
