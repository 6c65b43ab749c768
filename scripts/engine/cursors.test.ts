import { BSON, type Document, type Long } from 'bson';
import { expect, test } from 'vitest';
import { encodeInSteps } from './codec.ts';
import { Cursors } from './cursors.ts';
import { handOut, Item, type Items } from './item.ts';
import { Job, type Steps } from './turns.ts';

const finished = <T>(steps: Steps<T>): T => {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
};
const bytesOf = (steps: Steps<Document>) => finished(encodeInSteps(finished(steps)));
const replyOf = (steps: Steps<Document>) => BSON.deserialize(bytesOf(steps), { promoteLongs: false });
const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => Item.made(new Map([['n', `${n}`]])));
const open = (cursors: Cursors, items: Items, more: object = {}) =>
  replyOf(cursors.open({ namespace: 'shop.x', items, held: { bytes: 0 }, batchSize: 1, ...more }, new Job()))
    .cursor;
const more = (cursors: Cursors, id: Long, batchSize?: number) =>
  replyOf(cursors.more(id, 'shop.x', batchSize, new Job())).cursor;
const keeping = (bytes: number) => ({ held: { bytes } });

test('a batch of very small documents leaves room for the array around them', () => {
  const COUNT = 1_400_000;
  const cursors = new Cursors();
  const held = { bytes: 0 };
  const empty = Item.made(new Map());
  const items = handOut(
    Array.from({ length: COUNT }, () => empty),
    held,
  );
  const { id } = open(cursors, items, { batchSize: 0 });
  const replies = [1, 2].map(() => bytesOf(cursors.more(id, 'shop.x', undefined, new Job())));
  const lengths = replies.map((reply) => BSON.deserialize(reply).cursor.nextBatch.length);
  expect(lengths[0] + lengths[1]).toBe(COUNT);
  for (const reply of replies) expect(reply.length).toBeLessThanOrEqual(16 * 1024 * 1024 + 200);
});

test('a cursor ends after ten idle minutes, but not one that asked for no timeout, and not one in use', () => {
  let now = 0;
  const cursors = new Cursors(() => now);
  const ids = [{}, { noTimeout: true }, {}, {}].map(
    (options) => open(cursors, handOut(numbered(9), { bytes: 0 }), options).id as Long,
  );
  const [idle, immortal, used, busy] = ids as [Long, Long, Long, Long];
  const working = cursors.more(busy, 'shop.x', 3, new Job());
  working.next();
  now = 600_000;
  more(cursors, used, 1);
  now = 600_001;
  cursors.reap();
  expect(() => more(cursors, idle, 1)).toThrow(expect.objectContaining({ code: 43 }));
  expect(more(cursors, immortal, 1).nextBatch).toEqual([{ n: '1' }]);
  expect(more(cursors, used, 1).nextBatch).toEqual([{ n: '2' }]);
  expect(() => more(cursors, busy, 1)).toThrow(expect.objectContaining({ code: 292 }));
  expect(replyOf(working).cursor.nextBatch).toHaveLength(3);
});

test('when cursors keep too much together, the one that was idle for longest ends', () => {
  let now = 0;
  const cursors = new Cursors(() => now++);
  const half = keeping(130 * 1024 * 1024);
  const [first, second] = [1, 2].map(
    () => open(cursors, handOut(numbered(9), { bytes: 0 }), half).id as Long,
  ) as [Long, Long];
  expect(() => more(cursors, first)).toThrow(expect.objectContaining({ code: 43 }));
  more(cursors, second, 1);
  const alone = open(cursors, handOut(numbered(9), { bytes: 0 }), keeping(2 ** 30)).id;
  expect(cursors.size).toBe(1);
  expect(more(cursors, alone, 1).nextBatch).toHaveLength(1);
});

test('a cursor that is killed while it works says so', () => {
  const cursors = new Cursors();
  const { id } = open(cursors, handOut(numbered(9), { bytes: 0 }));
  const working = cursors.more(id, 'shop.x', 3, new Job());
  working.next();
  expect(cursors.kill(id)).toBe(true);
  expect(() => finished(working)).toThrow(expect.objectContaining({ code: 237 }));
});

test('cursors end with the session of their client', () => {
  const cursors = new Cursors();
  const ids = ['ann', 'ben'].map(
    (session) => open(cursors, handOut(numbered(9), { bytes: 0 }), { session }).id as Long,
  );
  cursors.endSessions(new Set(['ann']));
  expect(ids.map((id) => cursors.kill(id))).toEqual([false, true]);
  open(cursors, handOut(numbered(9), { bytes: 0 }), { session: 'ben' });
  cursors.endSessions();
  expect(cursors.size).toBe(0);
});
