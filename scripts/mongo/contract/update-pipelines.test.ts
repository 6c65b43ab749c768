import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

interface Thing extends Document {
  _id: number | string;
}

const engine = onEngine();
const things = () => engine.db.collection<Thing>('things');

test.each<[Document, Document[], Document]>([
  [{ a: 1 }, [{ $set: { b: 2 } }], { a: 1, b: 2 }],
  [{ a: 1 }, [{ $addFields: { b: { $add: ['$a', 1] } } }], { a: 1, b: 2 }],
  [{ a: 1, b: { c: 1, d: 2 } }, [{ $unset: ['a', 'b.c'] }], { b: { d: 2 } }],
  [{ a: 1, b: 2 }, [{ $project: { b: 1 } }], { b: 2 }],
  [{ a: 1, b: 2 }, [{ $project: { _id: 0, a: 1 } }], { a: 1 }],
  [{ a: { b: 1 }, c: 2 }, [{ $replaceRoot: { newRoot: '$a' } }], { b: 1 }],
  [{ a: 1 }, [{ $replaceWith: { was: '$$ROOT.a', id: '$_id' } }], { was: 1, id: 1 }],
  [{ a: 1 }, [{ $set: { b: '$a' } }, { $set: { c: '$b' } }, { $unset: 'a' }], { b: 1, c: 1 }],
  [{ a: 1 }, [{ $set: { a: '$none', b: { $literal: '$a' } } }], { b: '$a' }],
  [{ n: 1 }, [{ $set: { n: { $cond: [{ $gt: ['$n', 0] }, 'some', 'none'] } } }], { n: 'some' }],
])('%j by the pipeline %j becomes %j', async (before, pipeline, after) => {
  await things().insertOne({ ...before, _id: 1 });
  expect(await things().updateOne({ _id: 1 }, pipeline)).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
  expect(await things().find().toArray()).toEqual([{ _id: 1, ...after }]);
});

test('one pipeline updates many documents, each from its own fields', async () => {
  await things().insertMany([1, 2, 3].map((n) => ({ _id: n, n })));
  const result = await things().updateMany({ n: { $gt: 1 } }, [
    { $set: { twice: { $multiply: ['$n', 2] } } },
  ]);
  expect(result).toMatchObject({ matchedCount: 2, modifiedCount: 2 });
  expect(await things().find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 1, n: 1 },
    { _id: 2, n: 2, twice: 4 },
    { _id: 3, n: 3, twice: 6 },
  ]);
});

test('a pipeline that changes nothing modifies nothing, and $$NOW is a date', async () => {
  await things().insertOne({ _id: 1, a: 1 });
  expect(await things().updateOne({ _id: 1 }, [{ $set: { a: '$a' } }])).toMatchObject({
    matchedCount: 1,
    modifiedCount: 0,
  });
  await things().updateOne({ _id: 1 }, [{ $set: { expires: { $add: ['$$NOW', 60_000] } } }]);
  expect((await things().findOne())?.expires.getTime()).toBeGreaterThan(Date.now() - 3_600_000);
});

test('an upsert starts from the equalities of its filter', async () => {
  const save = () =>
    things().updateOne({ _id: 'a', b: 2 }, [{ $set: { n: { $add: [{ $ifNull: ['$n', 0] }, '$b'] } } }], {
      upsert: true,
    });
  expect(await save()).toMatchObject({ matchedCount: 0, upsertedId: 'a' });
  expect(await things().find().toArray()).toEqual([{ _id: 'a', b: 2, n: 2 }]);
  expect(await save()).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedId: null });
  expect(await things().find().toArray()).toEqual([{ _id: 'a', b: 2, n: 4 }]);
});

test('an upsert gets an _id where neither filter nor pipeline says one', async () => {
  await things().updateOne({ b: 2 }, [{ $set: { n: 1 } }], { upsert: true });
  expect(await things().find().toArray()).toEqual([{ _id: expect.anything(), b: 2, n: 1 }]);
});

test('findAndModify takes a pipeline, also for an upsert', async () => {
  await things().insertOne({ _id: 1, n: 1 });
  const add = [{ $set: { n: { $add: [{ $ifNull: ['$n', 0] }, 1] } } }];
  const after = { returnDocument: 'after', upsert: true } as const;
  expect(await things().findOneAndUpdate({ _id: 1 }, add, after)).toEqual({ _id: 1, n: 2 });
  expect(await things().findOneAndUpdate({ _id: 2 }, add, after)).toEqual({ _id: 2, n: 1 });
});

test.each<[string, Document, number]>([
  ['a stage nobody knows', { u: [{ $foo: 1 }] }, 40324],
  ['a stage of two', { u: [{ $set: { a: 1 }, $unset: 'b' }] }, 40323],
  ['a stage that no update may have', { u: [{ $match: { a: 1 } }] }, 72],
  ['a group', { u: [{ $group: { _id: '$a' } }] }, 72],
  ['another _id', { u: [{ $set: { _id: 2 } }] }, 66],
  ['a root that is no document', { u: [{ $replaceWith: '$n' }] }, 40228],
  ['a newRoot outside a document', { u: [{ $replaceRoot: 'x' }] }, 40229],
  ['an expression nobody knows', { u: [{ $set: { a: { $foo: 1 } } }] }, 168],
  ['array filters beside a pipeline', { u: [{ $set: { a: 1 } }], arrayFilters: [{ x: 1 }] }, 9],
])('a pipeline with %s is refused', async (_what, write, code) => {
  await things().insertOne({ _id: 1, n: 1 });
  // Some errors fail the command, some only the write.
  const reply = await engine.db
    .command({ update: 'things', updates: [{ q: {}, ...write }] })
    .catch((error) => error);
  expect(reply.writeErrors?.[0]?.code ?? reply.code).toBe(code);
  expect(await things().find().toArray()).toEqual([{ _id: 1, n: 1 }]);
});
