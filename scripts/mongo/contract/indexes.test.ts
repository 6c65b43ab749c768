import { type Document, Double, Long, type ObjectId } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

interface Thing extends Document {
  _id: string | number | ObjectId | Double | Long;
}

const engine = onEngine();
const things = () => engine.db.collection<Thing>('things');
const names = async () => (await things().indexes()).map(({ name }) => name);

test('indexes are listed as they were made', async () => {
  expect(await things().createIndex({ expires: 1 }, { expireAfterSeconds: 5 })).toBe('expires_1');
  expect(await things().createIndex({ b: 1, c: -1 }, { unique: true, name: 'bc' })).toBe('bc');
  expect(await things().indexes()).toEqual([
    { v: 2, key: { _id: 1 }, name: '_id_' },
    { v: 2, key: { expires: 1 }, name: 'expires_1', expireAfterSeconds: 5 },
    { v: 2, key: { b: 1, c: -1 }, name: 'bc', unique: true },
  ]);
});

test('making an index tells how many there were, and doing it again changes nothing', async () => {
  const command = { createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'a_1' }] };
  expect(await engine.db.command(command)).toMatchObject({
    numIndexesBefore: 1,
    numIndexesAfter: 2,
    createdCollectionAutomatically: true,
    ok: 1,
  });
  expect(await engine.db.command(command)).toMatchObject({
    numIndexesBefore: 2,
    numIndexesAfter: 2,
    note: expect.any(String),
  });
});

test.each<[string, Document, number, string]>([
  [
    'the same with another time to live',
    { key: { a: 1 }, name: 'a_1', expireAfterSeconds: 6 },
    85,
    'IndexOptionsConflict',
  ],
  [
    'the same under another name',
    { key: { a: 1 }, name: 'other', expireAfterSeconds: 5 },
    85,
    'IndexOptionsConflict',
  ],
  ['another under the same name', { key: { b: 1 }, name: 'a_1' }, 86, 'IndexKeySpecsConflict'],
  ['one without a key', { key: {}, name: 'x' }, 67, 'CannotCreateIndex'],
  [
    'a time to live on two fields',
    { key: { b: 1, c: 1 }, name: 'x', expireAfterSeconds: 1 },
    67,
    'CannotCreateIndex',
  ],
  ['a negative time to live', { key: { b: 1 }, name: 'x', expireAfterSeconds: -1 }, 67, 'CannotCreateIndex'],
  ['one that says no key', { name: 'x' }, 9, 'FailedToParse'],
  ['one that says no name', { key: { b: 1 } }, 9, 'FailedToParse'],
  ['an empty name', { key: { b: 1 }, name: '' }, 67, 'CannotCreateIndex'],
  ['the name of all', { key: { b: 1 }, name: '*' }, 2, 'BadValue'],
  ['a kind nobody knows', { key: { b: 'frob' }, name: 'x' }, 67, 'CannotCreateIndex'],
  ['an option nobody knows', { key: { b: 1 }, name: 'x', foo: 1 }, 197, 'InvalidIndexSpecificationOption'],
])('%s is refused', async (_what, index, code, codeName) => {
  await things().createIndex({ a: 1 }, { expireAfterSeconds: 5 });
  await expect(engine.db.command({ createIndexes: 'things', indexes: [index] })).rejects.toMatchObject({
    code,
    codeName,
  });
  expect(await names()).toEqual(['_id_', 'a_1']);
});

test('a duplicate names the index, its key and the value, and changes nothing', async () => {
  await things().createIndex({ email: 1 }, { unique: true });
  await things().insertMany([
    { _id: 'a', email: 'x' },
    { _id: 'b', email: 'y' },
  ]);
  const ns = `${engine.db.databaseName}.things`;
  await expect(things().insertOne({ _id: 'a', email: 'z' })).rejects.toMatchObject({
    code: 11000,
    message: `E11000 duplicate key error collection: ${ns} index: _id_ dup key: { _id: "a" }`,
  });
  await expect(things().updateOne({ _id: 'b' }, { $set: { email: 'x' } })).rejects.toMatchObject({
    code: 11000,
    keyPattern: { email: 1 },
    keyValue: { email: 'x' },
    message: `E11000 duplicate key error collection: ${ns} index: email_1 dup key: { email: "x" }`,
  });
  expect(await things().find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 'a', email: 'x' },
    { _id: 'b', email: 'y' },
  ]);
});

test('a missing field is null to a unique index, each element of an array a key of its own', async () => {
  await things().createIndex({ tags: 1 }, { unique: true });
  await things().insertOne({ _id: 1 });
  await expect(things().insertOne({ _id: 2 })).rejects.toMatchObject({
    code: 11000,
    keyValue: { tags: null },
  });
  await things().insertOne({ _id: 3, tags: ['a', 'b', 'a'] });
  await expect(things().insertOne({ _id: 4, tags: ['c', 'b'] })).rejects.toMatchObject({ code: 11000 });
  await things().deleteOne({ _id: 3 });
  await things().insertOne({ _id: 4, tags: ['c', 'b'] });
});

test('numbers of different types are the same key', async () => {
  await things().insertOne({ _id: 1 });
  for (const _id of [new Double(1), Long.fromNumber(1)]) {
    await expect(things().insertOne({ _id })).rejects.toMatchObject({ code: 11000 });
  }
});

test('two lists in one document cannot be indexed together', async () => {
  await things().createIndex({ a: 1, b: 1 });
  await expect(things().insertOne({ _id: 1, a: [1], b: [2] })).rejects.toMatchObject({ code: 171 });
  expect(await things().countDocuments()).toBe(0);
});

test('a unique index on duplicates is not made', async () => {
  await things().insertMany([
    { _id: 1, b: 1 },
    { _id: 2, b: 1 },
  ]);
  await expect(things().createIndex({ b: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
  expect(await names()).toEqual(['_id_']);
});

test('indexes go by name, or all but that of _id', async () => {
  await things().createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }]);
  expect(await things().dropIndex('a_1')).toMatchObject({ nIndexesWas: 4, ok: 1 });
  await expect(things().dropIndex('a_1')).rejects.toMatchObject({ code: 27, codeName: 'IndexNotFound' });
  await expect(things().dropIndex('_id_')).rejects.toMatchObject({ code: 72, codeName: 'InvalidOptions' });
  expect(await engine.db.command({ dropIndexes: 'things', index: '*' })).toMatchObject({
    nIndexesWas: 3,
    msg: 'non-_id indexes dropped for collection',
  });
  expect(await names()).toEqual(['_id_']);
});

test('what is not there has no indexes', async () => {
  await expect(things().indexes()).rejects.toMatchObject({ code: 26, codeName: 'NamespaceNotFound' });
  await expect(things().dropIndex('x')).rejects.toMatchObject({ code: 26 });
});
