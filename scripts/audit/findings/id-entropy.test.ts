import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { mostBits } from './id-entropy.ts';

const ten = <T>(make: (at: number) => T) => Array.from({ length: 10 }, (_, at) => make(at));

it('an ID of express-session has 192 bits', () => {
  expect(mostBits(ten(() => randomBytes(24).toString('base64url')))).toBe(192);
});

it('characters that never change count for nothing', () => {
  const short = mostBits(ten((at) => `user-session-${String(at).padStart(4, '0')}`));
  expect(short).toBeLessThan(10);
  expect(mostBits(ten(() => `app-${randomUUID()}`))).toBeLessThan(mostBits(ten(() => randomUUID())) + 1);
});

it('digits have three bits and a third each', () => {
  expect(mostBits(ten((at) => String(at) + String(9 - at)))).toBeCloseTo(2 * Math.log2(10));
});
