import { findLessons } from '../course/lessons.ts';
import { EXIT } from '../shared/errors.ts';
import { verify } from './verify/verify.ts';
import { type Count, runVitest, typeCheck } from './vitest.ts';

// A browser is not everywhere: its tests are `npm run test:browser`. Weekly tests take half an hour: CI runs them once a week.
const NOT_HERE = ['checks/browser/**', '.workshop/**', '**/*.weekly.test.ts'];
// Tests that take long by their nature: many kills, a class of 200, an installation without a network.
const SLOW = '**/*.slow.test.ts';

// Vitest leaves a core to its watch mode. These tests mostly wait for processes of their own.
const ALL_CORES = '--maxWorkers=100%';

/**
 * Types, the tests of every part, and verify. The last line counts them.
 * @param flags Vitest's own, and words that narrow it to the files with one in their name
 * @param all also slow tests
 * @param again also proofs that were green before on this machine with the very same files
 * @returns the exit code
 */
export async function runTests(
  flags: readonly string[],
  { all, again = all }: { all: boolean; again?: boolean },
): Promise<number> {
  const excluded = [...NOT_HERE, ...(all ? [] : [SLOW])].flatMap((glob) => ['--exclude', glob]);
  const counts = [
    await typeCheck(),
    await runVitest([ALL_CORES, ...excluded, ...flags]),
    await verify(findLessons(), { skipProven: !again }),
  ];
  const sum = (of: keyof Count) => counts.reduce((total, count) => total + count[of], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') ? EXIT.notYet : EXIT.ok;
}
