import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { skippedIn } from './vitest.ts';

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
