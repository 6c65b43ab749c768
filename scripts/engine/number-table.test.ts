import fc from 'fast-check';
import { expect, test } from 'vitest';
import { engineInMemory } from './fixtures/asked.ts';
import { hashOf, NumberTable } from './number-table.ts';

/** Keys by their numbers; few hashes, so that many keys share one. */
const hashes = fc.integer({ min: -3, max: 12 });

test('a table finds what is in it, whatever was put in and taken out, also of one hash', () => {
  const steps = fc.array(fc.record({ hash: hashes, removes: fc.boolean() }), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (taken) => {
      const table = new NumberTable();
      const model = new Map<number, number>();
      for (const [number, { hash, removes }] of taken.entries()) {
        const [gone] = [...model].find(([, other]) => other === hash) ?? [];
        if (removes && gone !== undefined) {
          table.delete(hash, gone);
          model.delete(gone);
        } else {
          table.add(hash, number);
          model.set(number, hash);
        }
      }
      for (const number of taken.keys()) {
        const hash = model.get(number) ?? taken[number]?.hash ?? 0;
        const found = table.find(hash, (one) => one === number);
        expect(found).toBe(model.has(number) ? number : undefined);
      }
    }),
  );
});

test('documents whose _ids have one hash are two', async () => {
  const { ask } = engineInMemory();
  const [one, other] = ['id 26q230', 'id vvejjk'];
  expect(hashOf(JSON.stringify(one))).toBe(hashOf(JSON.stringify(other)));
  expect(await ask({ insert: 'things', documents: [{ _id: one }, { _id: other }] })).toMatchObject({ n: 2 });
  const found = async (_id: unknown) => (await ask({ find: 'things', filter: { _id } })).cursor.firstBatch;
  expect(await found(one)).toEqual([{ _id: one }]);
  expect(await found(other)).toEqual([{ _id: other }]);
  await ask({ delete: 'things', deletes: [{ q: { _id: one }, limit: 1 }] });
  expect(await found(one)).toEqual([]);
  expect(await found(other)).toEqual([{ _id: other }]);
  expect(await ask({ insert: 'things', documents: [{ _id: other }] })).toMatchObject({ n: 0 });
});
