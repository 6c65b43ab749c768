import { Decimal128 } from 'mongodb';
import { expect, test, vi } from 'vitest';
import { Collection } from './collection.ts';
import { DEFECTS } from './defects.ts';
import { useEngine } from './fixtures/engine.ts';

// Large documents and many errors take a while on a busy machine.
const at = useEngine();
const things = () => at.client.db('shop').collection<{ _id: number; n?: number; d?: unknown }>('things');

test('what the engine lacks is on record with its command, each once', async () => {
  await things().insertOne({ _id: 1, n: 1 });
  expect(at.mongo.refusals).toEqual([]);
  for (let i = 0; i < 2; i++) {
    await expect(things().find().collation({ locale: 'de' }).toArray()).rejects.toMatchObject({
      code: 238,
      message: "the field 'find.collation' is not supported by the embedded engine; a real mongod has it",
    });
  }
  await expect(
    things()
      .aggregate([{ $facet: {} }])
      .toArray(),
  ).rejects.toMatchObject({ code: 238 });
  const decimal = Decimal128.fromString('1');
  const update = { q: {}, u: { $inc: { n: decimal } } };
  const reply = await at.client.db('shop').command({ update: 'things', updates: [update] });
  expect(reply).toMatchObject({ writeErrors: [{ code: 238 }] });
  const failing = things().aggregate([
    { $project: { a: { $toDouble: '$none' } } },
    { $project: { a: { $add: [decimal, '$_id'] } } },
  ]);
  await expect(failing.toArray()).rejects.toMatchObject({ code: 238 });
  await expect(at.client.db('shop').command({ validate: 'things' })).rejects.toMatchObject({ code: 238 });
  await expect(at.client.db('shop').command({ frobnicate: 1 })).rejects.toMatchObject({ code: 59 });
  expect(at.mongo.refusals).toEqual([
    { command: 'find', what: "the field 'find.collation'" },
    { command: 'aggregate', what: 'the pipeline stage $facet' },
    { command: 'update', what: 'arithmetic on Decimal128' },
    { command: 'aggregate', what: 'arithmetic on Decimal128' },
    { command: 'validate', what: 'the command validate' },
  ]);
});

test('a defect of the engine is told to the client and kept with its stack', async () => {
  const broken = vi.spyOn(Collection.prototype, 'find').mockImplementation(() => {
    throw new TypeError('broken on purpose');
  });
  await things().insertOne({ _id: 1 });
  await expect(things().find().toArray()).rejects.toMatchObject({
    code: 1,
    codeName: 'InternalError',
    message: 'the embedded engine failed, please report it: broken on purpose',
  });
  broken.mockRestore();
  // Removed from DEFECTS, which would fail the test.
  const [defect, ...others] = DEFECTS.splice(0);
  expect(others).toEqual([]);
  expect(defect?.stack).toContain('refusals.test.ts');
  expect(await things().countDocuments()).toBe(1);
});

test('a reply that would be too large is an error, and the connection goes on', async () => {
  const dropped = vi.fn();
  at.client.on('connectionClosed', dropped);
  const long = 'x'.repeat(7 * 1024 * 1024);
  for (const _id of [1, 2, 3]) await things().insertOne({ _id, d: long });
  const grown = things().aggregate([{ $project: { d: ['$d', '$d', '$d'] } }]);
  await expect(grown.toArray()).rejects.toMatchObject({ code: 10334 });
  await expect(things().updateOne({ _id: 1 }, [{ $set: { d: ['$d', '$d', '$d'] } }])).rejects.toMatchObject({
    code: 10334,
  });
  expect(dropped).not.toHaveBeenCalled();
});

test('the messages of very many write errors end before the reply grows too large', async () => {
  const count = 40_000;
  const documents = Array.from({ length: count }, () => ({ _id: 1 }));
  const reply = await at.client.db('shop').command({ insert: 'things', documents, ordered: false });
  expect(reply.writeErrors).toHaveLength(count - 1);
  expect(reply.writeErrors[0].errmsg).toMatch(/^E11000/);
  expect(reply.writeErrors.at(-1)).toMatchObject({ code: 11000, errmsg: '' });
});

test('a field that says false asks for nothing: drivers up to version 3 send it with each find', async () => {
  await things().insertOne({ _id: 1 });
  const find = { find: 'things', filter: {}, returnKey: false, showRecordId: false };
  const { cursor } = await at.client.db('shop').command(find);
  expect(cursor.firstBatch).toEqual([{ _id: 1 }]);
  expect(at.mongo.refusals).toEqual([]);
});
