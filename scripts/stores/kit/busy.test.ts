import { expect, it } from 'vitest';
import { Backends } from '../backends/index.ts';
import { BEHAVIOURS } from '../behaviours/index.ts';
import { bad, type Cell, ok } from './cell.ts';
import { runAgain, runScenarios } from './run.ts';

const [behaviour] = BEHAVIOURS.slice(0, 1) as [(typeof BEHAVIOURS)[0]];
const limits = { call: 1000, outage: 1000, recovery: 1000 };

/** A scenario that tells the same cell each time. The machine is late by the first number of milliseconds, then by the next. */
async function told(cell: Cell, late: readonly number[], marginMs?: number) {
  const backend = await new Backends().get('memory');
  if ('missing' in backend) throw new Error(backend.missing);
  const waiting = [...late];
  let asked = 0;
  const scenarios = [
    {
      behaviours: [behaviour],
      ask: async (trial: Parameters<Parameters<typeof runScenarios>[0][0]['ask']>[0]) => {
        asked++;
        trial.tell(behaviour, cell, marginMs);
      },
    },
  ];
  const control = { latest: () => waiting.shift() ?? 0, calm: async () => {} };
  const running = { module: 'none', backend, limits, control };
  const first = await runScenarios(scenarios, { ...running, atATime: 1 });
  const last = await runAgain(scenarios, first, running, 60_000);
  return { first: first[behaviour.id], last: last[behaviour.id], asked };
}

const slow = bad('not within 3 s', 'waited');

it('what the machine may have done is told as that, and asked again until the machine is calm', async () => {
  const { first, last, asked } = await told(slow, [2000, 2000, 5], 3000);
  expect(first).toMatchObject({
    verdict: 'untested',
    short: 'too busy',
    evidence: expect.stringMatching(/MemoryStore took up to 2\.0 s.+not within 3 s\. waited/),
  });
  expect(last).toEqual(slow);
  expect(asked).toBe(3);
});

it('a machine that stays busy is said, after a few times', async () => {
  const { last, asked } = await told(slow, Array(20).fill(2000), 3000);
  expect(last?.short).toBe('too busy');
  expect(asked).toBe(4);
});

it.each([
  ['a good cell: a late machine makes nothing better', ok('ends', 'seen'), 3000],
  ['a bad one that rests on no time', slow, undefined],
  ['a bad one with time to spare', slow, 60_000],
])('%s, is told as it is', async (_, cell, marginMs) => {
  expect(await told(cell, [2000], marginMs)).toMatchObject({ first: cell, last: cell, asked: 1 });
});
