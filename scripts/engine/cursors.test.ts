import { expect, test, vi } from 'vitest';
import { encode } from './codec.ts';
import { Cursors } from './cursors.ts';

// So many documents take a while on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

test('a batch of very small documents leaves room for the array around them', () => {
  const COUNT = 1_400_000;
  const cursors = new Cursors();
  const docs = Array.from({ length: COUNT }, () => new Map());
  const { cursor } = cursors.open({ namespace: 'shop.x', docs, batchSize: 0, singleBatch: false });
  const replies = [1, 2].map(() => cursors.more(cursor.id, 'shop.x', undefined));
  const lengths = replies.map((reply) => reply.cursor.nextBatch.length);
  expect(lengths[0] + lengths[1]).toBe(COUNT);
  for (const reply of replies) expect(encode(reply).length).toBeLessThanOrEqual(16 * 1024 * 1024 + 200);
});
