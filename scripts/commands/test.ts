import { findLessons } from '../course/lessons.ts';
import { verify } from '../proof/verify/verify.ts';
import { type Count, runVitest, typeCheck } from '../proof/vitest.ts';
import { EXIT } from '../shared/errors.ts';

// A browser is not everywhere: its tests are `npm run test:browser`.
const NOT_HERE = ['checks/browser/**', '.workshop/**'].flatMap((glob) => ['--exclude', glob]);

// Vitest leaves a core to its watch mode. These tests mostly wait for processes of their own.
const ALL_CORES = '--maxWorkers=100%';

/** `npm test`: types, the tests of every part, and verify. The last line counts them. */
export async function main(args: string[]): Promise<number> {
  const counts = [
    await typeCheck(),
    await runVitest([ALL_CORES, ...NOT_HERE, ...args]),
    await verify(findLessons()),
  ];
  const sum = (of: keyof Count) => counts.reduce((total, count) => total + count[of], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') ? EXIT.notYet : EXIT.ok;
}
