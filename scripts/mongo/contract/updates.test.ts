import { type Document, Double, Int32, Long, type ObjectId } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

interface Thing extends Document {
  _id: string | number | ObjectId | Double | Long;
}

const engine = onEngine();
const things = () => engine.db.collection<Thing>('things');

/** The document after an update, as text: the order of fields counts. */
async function after(document: Document, update: Document): Promise<string> {
  await things().insertOne({ ...document, _id: 1 });
  await things().updateOne({ _id: 1 }, update);
  return JSON.stringify(await things().findOne({}, { projection: { _id: 0 } }));
}

test.each<[Document, Document, string]>([
  [{ a: 1 }, { $set: { a: 2 } }, '{"a":2}'],
  [{}, { $set: { z: 1, a: 1 } }, '{"a":1,"z":1}'],
  [{ b: 1 }, { $set: { b: 2, a: 1 } }, '{"b":2,"a":1}'],
  [{}, { $set: { 'a.b.c': 1 } }, '{"a":{"b":{"c":1}}}'],
  [{ a: [1] }, { $set: { 'a.3': 4 } }, '{"a":[1,null,null,4]}'],
  [{ a: [{ b: 1 }] }, { $set: { 'a.0.b': 2 } }, '{"a":[{"b":2}]}'],
  [{ a: 1, b: { c: 1, d: 2 } }, { $unset: { a: '', 'b.c': '', 'x.y': '' } }, '{"b":{"d":2}}'],
  [{ a: [1, 2] }, { $unset: { 'a.0': '' } }, '{"a":[null,2]}'],
  [{ n: 1 }, { $inc: { n: 2, m: 3 } }, '{"n":3,"m":3}'],
  [{ n: 1 }, { $set: { a: 1 }, $inc: { n: 1 }, $unset: { x: '' } }, '{"n":2,"a":1}'],
])('%j after %j', async (document, update, expected) => {
  expect(await after(document, update)).toBe(expected);
});

test('$inc keeps the type of numbers, and makes a long of an int that grows too large', async () => {
  await things().insertOne({
    _id: 1,
    int: new Int32(2147483647),
    long: Long.fromNumber(1),
    double: new Double(1),
  });
  await things().updateOne({ _id: 1 }, { $inc: { int: 1, long: 1, double: 1 } });
  const raw = await things().findOne({}, { promoteValues: false, promoteLongs: false });
  expect(raw).toEqual({
    _id: new Int32(1),
    int: Long.fromNumber(2147483648),
    long: Long.fromNumber(2),
    double: new Double(2),
  });
});

test.each<[string, Document | Document[], number]>([
  ['an unknown operator', { $foo: { a: 1 } }, 9],
  ['two changes of one path', { $set: { a: 1 }, $inc: { 'a.b': 1 } }, 40],
  ['a path through a number', { $set: { 'n.b': 1 } }, 28],
  ['a name in an array', { $set: { 'list.x': 1 } }, 28],
  ['an empty name', { $set: { 'a..b': 1 } }, 56],
  ['a sum with a text', { $inc: { text: 1 } }, 14],
  ['a text as summand', { $inc: { n: 'x' } }, 14],
  ['another _id', { $set: { _id: 2 } }, 66],
  ['no _id', { $unset: { _id: '' } }, 66],
  ['a replacement with another _id', { _id: 2 }, 66],
])('%s is refused, and changes nothing', async (_what, u, code) => {
  const before = { _id: 1, n: 1, list: [1], text: 'x' };
  await things().insertOne(before);
  const reply = await engine.db.command({ update: 'things', updates: [{ q: { _id: 1 }, u }] });
  expect(reply).toMatchObject({ n: 0, nModified: 0, writeErrors: [{ index: 0, code }], ok: 1 });
  expect(await things().findOne()).toEqual(before);
});

test('what becomes the same counts as matched, not as modified', async () => {
  await things().insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 5 },
  ]);
  expect(await things().updateMany({}, { $set: { n: 5 } })).toMatchObject({
    matchedCount: 2,
    modifiedCount: 1,
  });
  expect(await things().updateMany({}, { $set: { n: Long.fromNumber(5) } })).toMatchObject({
    modifiedCount: 2,
  });
});

test('a sum that equals what was there, type and all, changes nothing: -0.0 stays', async () => {
  await things().insertOne({ _id: 1, zero: new Double(-0) });
  const asked = await things().updateOne({ _id: 1 }, { $inc: { zero: new Int32(0) } });
  expect(asked).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
  expect((await things().findOne())?.zero).toBe(-0);
});

test('a replacement keeps the _id and nothing else', async () => {
  await things().insertOne({ _id: 1, a: 1 });
  await things().replaceOne({ _id: 1 }, { b: 2 });
  expect(await things().find().toArray()).toEqual([{ _id: 1, b: 2 }]);
});

test('an upsert inserts what its filter and its changes say, then updates', async () => {
  const save = (n: number) =>
    things().updateOne(
      { _id: 'a', b: 2, 'c.d': { $eq: 3 }, m: { $lt: 9 } },
      { $set: { n }, $setOnInsert: { m: 1 } },
      { upsert: true },
    );
  expect(await save(1)).toMatchObject({
    matchedCount: 0,
    modifiedCount: 0,
    upsertedCount: 1,
    upsertedId: 'a',
  });
  expect(await things().findOne()).toEqual({ _id: 'a', b: 2, c: { d: 3 }, m: 1, n: 1 });
  expect(await save(2)).toMatchObject({
    matchedCount: 1,
    modifiedCount: 1,
    upsertedCount: 0,
    upsertedId: null,
  });
  expect(await things().find().toArray()).toEqual([{ _id: 'a', b: 2, c: { d: 3 }, m: 1, n: 2 }]);
});

test('an upsert whose $set repeats the _id, as both stores send it', async () => {
  const save = (n: number) => things().updateOne({ _id: 'a' }, { $set: { _id: 'a', n } }, { upsert: true });
  expect(await save(1)).toMatchObject({ upsertedId: 'a' });
  expect(await save(2)).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
  expect(await things().find().toArray()).toEqual([{ _id: 'a', n: 2 }]);
});

test('an upsert that would need two values for one path is refused with 54', async () => {
  const reply = await engine.db.command({
    update: 'things',
    updates: [{ q: { $and: [{ a: 1 }, { a: 2 }] }, u: { $set: { n: 1 } }, upsert: true }],
  });
  expect(reply).toMatchObject({ n: 0, writeErrors: [{ code: 54 }] });
});

test('findAndModify returns the document before or after', async () => {
  await things().insertOne({ _id: 1, n: 1 });
  const add = { $inc: { n: 1 } };
  expect(await things().findOneAndUpdate({ _id: 1 }, add)).toEqual({ _id: 1, n: 1 });
  expect(await things().findOneAndUpdate({ _id: 1 }, add, { returnDocument: 'after' })).toEqual({
    _id: 1,
    n: 3,
  });
  expect(await things().findOneAndUpdate({ _id: 9 }, add)).toBeNull();
  const upserted = await things().findOneAndReplace(
    { _id: 2 },
    { n: 9 },
    { upsert: true, returnDocument: 'after' },
  );
  expect(upserted).toEqual({ _id: 2, n: 9 });
  expect(await things().findOneAndDelete({}, { sort: { n: -1 } })).toEqual({ _id: 2, n: 9 });
  const raw = await engine.db.command({
    findAndModify: 'things',
    query: { _id: 1 },
    update: add,
    fields: { _id: 0 },
  });
  expect(raw).toMatchObject({ lastErrorObject: { n: 1, updatedExisting: true }, value: { n: 3 }, ok: 1 });
  const both = { findAndModify: 'things', query: {}, update: add, remove: true };
  await expect(engine.db.command(both)).rejects.toMatchObject({ code: 9 });
});
