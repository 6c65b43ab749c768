import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from './workshop/errors.ts';
import { ROOT } from './workshop/paths.ts';
import { stateDir } from './workshop/state.ts';
import { verify } from './workshop/verify/verify.ts';

/** How many things were proven, and how many turned out wrong. */
interface Count {
  passed: number;
  failed: number;
}

/** `npm test`: types, the tests of every part, and verify. The last line counts them. */
export async function main(args: string[]): Promise<number> {
  const counts = [await types(), await tests(args), await verify()];
  const sum = (of: keyof Count) => counts.reduce((total, count) => total + count[of], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') ? EXIT.notYet : EXIT.ok;
}

async function types(): Promise<Count> {
  const code = await node('typescript/bin/tsc', ['--noEmit']);
  console.log(code === 0 ? 'types: every file type-checks' : 'types: see above');
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @param filters names of test files, to run only those */
async function tests(filters: string[]): Promise<Count> {
  const results = join(stateDir(), 'test-results.json');
  rmSync(results, { force: true });
  // A browser is not everywhere: those tests are `npm run test:browser`.
  const excluded = ['checks/browser/**', '.workshop/**'].flatMap((glob) => ['--exclude', glob]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const code = await node('vitest/vitest.mjs', ['run', ...excluded, ...reporters, ...filters]);
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8')) as Record<
    string,
    number
  >;
  // A file that cannot be loaded fails without one failed test.
  return { passed: numPassedTests ?? 0, failed: numFailedTests || (code === 0 ? 0 : 1) };
}

/** Runs a package's program with this Node, without a shell. @returns its exit code */
async function node(program: string, args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code;
}
