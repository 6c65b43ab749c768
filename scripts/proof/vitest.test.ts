import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { skippedIn, triedAgain } from './vitest.ts';

it('names each test that skipped itself', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'a Redis starts' },
    { status: 'skipped', fullName: 'a Redis ends' },
    { status: 'pending', fullName: 'a Redis hangs' },
    { status: 'failed', fullName: 'a Redis burns' },
  ];
  expect(skippedIn([{ name: `${ROOT}/scripts/redis/redis.test.ts`, assertionResults }])).toEqual([
    'scripts/redis/redis.test.ts: a Redis ends',
    'scripts/redis/redis.test.ts: a Redis hangs',
  ]);
});

it('names each test that passed when it was tried again, with its errors', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'a page opens', failureMessages: [] },
    {
      status: 'passed',
      fullName: 'a page closes',
      failureMessages: ['Error: late\n    at a.ts:1:1', 'Error: 2'],
    },
    { status: 'failed', fullName: 'a page burns', failureMessages: ['Error: fire'] },
  ];
  expect(triedAgain([{ name: `${ROOT}/checks/browser/a.test.ts`, assertionResults }])).toEqual([
    'checks/browser/a.test.ts: a page closes\nError: late\nError: 2',
  ]);
});
