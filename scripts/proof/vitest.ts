import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tidySync } from '../setup/files.mjs';
import { ROOT, shown } from '../shared/paths.ts';
import { stateDir } from '../shared/state-dir.ts';

/** How many tests or proofs passed, and how many failed. */
export interface Count {
  passed: number;
  failed: number;
}

/**
 * Runs Vitest on the project, with its report on the terminal.
 * @param flags flags of Vitest, and words that select the files with one in their name
 * @param env more environment variables for the tests
 */
export async function runVitest(flags: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Count> {
  const results = join(stateDir(), `test-results.${process.pid}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const code = await runProgram('vitest/vitest.mjs', ['run', '--root', ROOT, ...reporters, ...flags], env);
  try {
    const { numPassedTests: passed, ...rest } = JSON.parse(readFileSync(results, 'utf8')) as Results;
    const skipped = skipIsFailure(env) ? skippedIn(rest.testResults) : [];
    for (const name of skipped) console.log(`skipped, which is a failure on CI: ${name}`);
    for (const said of triedAgain(rest.testResults)) console.log(`passed when it was tried again: ${said}`);
    // A file that cannot be loaded fails without one failed test.
    const failed = rest.numFailedTests || (code === 0 ? 0 : 1);
    return { passed, failed: failed + skipped.length };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    tidySync(results);
  }
}

/** The part of Vitest's JSON report that is read. */
interface Results {
  numPassedTests: number;
  numFailedTests: number;
  testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      /** One text per error, also of a test that passed when it was tried again. */
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Whether a skipped test counts as failed: on CI, except on Windows and macOS, where some tests cannot run. */
function skipIsFailure(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.CI ?? process.env.CI) && process.platform === 'linux';
}

/** 'scripts/redis/redis.test.ts: a server of our own starts' for each skipped test. */
export function skippedIn(results: Results['testResults']): string[] {
  return results.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
      .map(({ fullName }) => `${shown(name)}: ${fullName}`),
  );
}

/** For each test that failed and then passed: its file and name, and its errors without their stacks. */
export function triedAgain(results: Results['testResults']): string[] {
  return results.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName, failureMessages = [] }) =>
        [
          `${shown(name)}: ${fullName}`,
          ...failureMessages.map((error) => error.replace(/\n {4}at [\s\S]*/, '')),
        ].join('\n'),
      ),
  );
}

/** Runs a package's program with this Node, without a shell. @returns its exit code; null when a signal ended it */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<number | null> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code;
}

/** Type-checks every file with tsc, with its report on the terminal. */
export async function typeCheck(): Promise<Count> {
  const code = await runProgram('typescript/bin/tsc', ['--noEmit']);
  console.log(code === 0 ? 'types: every file type-checks' : 'types: see above');
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
