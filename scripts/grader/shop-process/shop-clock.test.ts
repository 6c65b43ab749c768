import { afterEach, expect, it } from 'vitest';
import { setClockAhead } from './shop-clock.ts';

const RealDate = Date;
afterEach(() => {
  globalThis.Date = RealDate;
});

const DAY = 24 * 60 * 60 * 1000;

it('is ahead by so much, however it is asked, and goes on from there', () => {
  setClockAhead(30 * DAY);
  for (const ask of [
    () => Date.now(),
    () => RealDate.parse(new Date().toISOString()),
    () => RealDate.parse(Date()),
  ]) {
    const before = RealDate.now();
    const told = ask() - 30 * DAY;
    // Date() has whole seconds.
    expect(told).toBeGreaterThanOrEqual(before - 1000);
    expect(told).toBeLessThanOrEqual(RealDate.now());
  }
  setClockAhead(31 * DAY);
  expect(Date.now() - RealDate.now()).toBeGreaterThan(30.5 * DAY);
});

it('leaves dates that are named alone, and the old ones are dates still', () => {
  const old = new Date(0);
  setClockAhead(DAY);
  expect(new Date('2026-01-01T00:00:00Z').toISOString()).toBe('2026-01-01T00:00:00.000Z');
  expect(new Date(2026, 0, 1).getTime()).toBe(new RealDate(2026, 0, 1).getTime());
  expect(Date.UTC(2026, 0, 1)).toBe(RealDate.UTC(2026, 0, 1));
  expect([old instanceof Date, new Date() instanceof RealDate]).toEqual([true, true]);
  expect(Object.prototype.toString.call(new Date())).toBe('[object Date]');
});
