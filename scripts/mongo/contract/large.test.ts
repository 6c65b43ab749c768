import type { Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';

const engine = onEngine();
const things = () => engine.db.collection<Document & { _id: number }>('things');
const MIB = 1024 * 1024;

test('distinct values over 16 MiB are refused with 17217', async () => {
  for (const _id of [1, 2, 3]) await things().insertOne({ _id, text: String(_id).repeat(7 * MIB) });
  await expect(things().distinct('text')).rejects.toMatchObject({
    code: 17217,
    message: 'distinct too big, 16mb cap',
  });
  expect(await things().distinct('_id')).toEqual([1, 2, 3]);
});

test('a group that grows over 16 MiB is refused, and the connection goes on', async () => {
  for (const _id of [1, 2, 3]) await things().insertOne({ _id, text: 'x'.repeat(7 * MIB) });
  const grouped = things().aggregate([{ $group: { _id: null, all: { $push: '$text' } } }]);
  await expect(grouped.toArray()).rejects.toMatchObject({ code: 10334 });
  expect(await things().countDocuments()).toBe(3);
});
