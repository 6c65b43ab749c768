import { expect, test } from 'vitest';
import { afterLimit, askUntil, moreTime, slowdown, within } from './fair-time.ts';

/** Clocks of a machine on which work takes `times` its CPU time. */
function clocks(times: number) {
  let cpuMs = 0;
  return () => {
    cpuMs += 5;
    return { wallMs: cpuMs * times, cpuMs };
  };
}

test('how slow a machine is, is the time of a piece of work by its CPU time', () => {
  expect(slowdown(clocks(1))).toBe(1);
  expect(slowdown(clocks(7))).toBe(7);
  // The clock of CPU time may go in large steps, and count other threads.
  expect(slowdown(clocks(0.5))).toBe(1);
});

test('a busy machine is waited for, in whole limits, and not without end', () => {
  expect(moreTime(8000, 1)).toBe(0);
  expect(moreTime(8000, 2.5)).toBe(0);
  expect(moreTime(8000, 3.2)).toBe(16_000);
  expect(moreTime(8000, 50)).toBe(16_000);
});

test('what is late hears how long it was waited for, and what was called off hears nothing', async () => {
  const told: number[] = [];
  const callOff = afterLimit(1, (ms) => told.push(ms));
  callOff();
  const waited = await new Promise<number>((resolve) => {
    const open = setInterval(() => {}, 1000);
    afterLimit(2, (ms) => {
      clearInterval(open);
      resolve(ms);
    });
  });
  expect(waited % 2).toBe(0);
  expect(waited).toBeGreaterThanOrEqual(2);
  expect(told).toEqual([]);
});

test('a promise is waited for until its limit, and a limit that is not reached leaves nothing open', async () => {
  expect(await within('at once', 1, 'late')).toBe('at once');
  await expect(within(Promise.reject(new Error('refused')), 1, 'late')).rejects.toThrow('refused');
  const open = setInterval(() => {}, 1000);
  expect(await within(new Promise(() => {}), 1, 'late')).toBe('late');
  clearInterval(open);
});

test('a question is asked again until its answer is so, or the limit has passed', async () => {
  let asked = 0;
  const ask = async () => ++asked;
  expect(await askUntil(ask, (n) => n === 3, 60_000)).toBe(3);
  expect(await askUntil(ask, () => false, 1)).toBeGreaterThan(3);
  const fails = async () => {
    throw new Error('refused');
  };
  await expect(askUntil(fails, () => true, 60_000)).rejects.toThrow('refused');
});
