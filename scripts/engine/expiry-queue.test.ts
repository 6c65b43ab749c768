import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpiryQueue } from './expiry-queue.ts';

type Step = { id: number; time: number } | { id: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ id: fc.nat(9), time: fc.nat(20) }),
  fc.record({ id: fc.nat(9) }),
);

test('documents leave in the order in which they expire, however they came, moved and went', () => {
  const property = fc.property(fc.array(step, { maxLength: 60 }), fc.nat(20), (steps, now) => {
    const queue = new ExpiryQueue();
    const plain = new Map<number, number>();
    for (const one of steps) {
      queue.delete(one.id);
      plain.delete(one.id);
      if (!('time' in one)) continue;
      queue.set(one.id, one.time);
      plain.set(one.id, one.time);
    }
    const left: number[] = [];
    for (let id = queue.due(now); id !== undefined; id = queue.due(now)) {
      left.push(plain.get(id) as number);
      plain.delete(id);
      queue.delete(id);
    }
    expect(left).toEqual([...left].sort((a, b) => a - b));
    expect([...plain.values()].every((time) => time > now)).toBe(true);
  });
  fc.assert(property, { numRuns: 500 });
});
