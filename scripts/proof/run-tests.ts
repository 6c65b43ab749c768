import { availableParallelism } from 'node:os';
import { findLessons } from '../course/lessons.ts';
import { EXIT } from '../shared/errors.ts';
import { verify } from './verify/verify.ts';
import { type Count, runVitest, typeCheck } from './vitest.ts';

// Not every machine has a browser: its tests are `npm run test:browser`. Weekly tests take half an hour: CI runs them once a week.
const NOT_HERE = ['checks/browser/**', '.workshop/**', '**/*.weekly.test.ts'];
// Slow tests: many kills, a class of 200, an installation without a network.
const SLOW = '**/*.slow.test.ts';

// Two more workers than there are cores: these tests mostly wait for processes of their own.
const WORKERS = `--maxWorkers=${availableParallelism() + 2}`;

/**
 * Types, the tests of every part, and verify, side by side: each waits half of its time. Verify's report comes after the
 * tests' report. The last line counts all.
 * @param flags flags of Vitest, and words that select the files with one in their name
 * @param all also slow tests
 * @param again also proofs that passed before on this machine with the same files
 * @returns the exit code
 */
export async function runTests(
  flags: readonly string[],
  { all, again = all }: { all: boolean; again?: boolean },
): Promise<number> {
  const excluded = [...NOT_HERE, ...(all ? [] : [SLOW])].flatMap((glob) => ['--exclude', glob]);
  const held: string[] = [];
  let print = (line: string): void => void held.push(line);
  const vitest = runVitest([WORKERS, ...excluded, ...flags]).finally(() => {
    print = console.log;
    for (const line of held) print(line);
  });
  const verified = verify(findLessons(), { skipProven: !again, print: (line) => print(line) });
  const parts = [vitest, verified, typeCheck()];
  // All of them, also when one cannot start: nothing may run on after this function.
  await Promise.allSettled(parts);
  const counts = await Promise.all(parts);
  const sum = (of: keyof Count) => counts.reduce((total, count) => total + count[of], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') ? EXIT.notYet : EXIT.ok;
}
