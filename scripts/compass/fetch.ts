import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateDir, unwritable } from '../course/state.ts';
import { endTree } from '../processes/end-tree.mjs';
import { missingPackages, npmCommand } from '../setup/packages.mjs';
import { EnvironmentError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/** The exact versions, and in the lock file the checksum of each: npm takes nothing else. */
const PINNED = join(import.meta.dirname, 'packages');
const FILES = ['package.json', 'package-lock.json'];
const ABOUT = [
  "Fetching Compass's interface from npm: 6 MB, once, into .workshop/compass. Ctrl+C stops it.",
  'It is @mongodb-js/compass-web by MongoDB, under the SSPL: free to use; who offers it to others as a service must read',
  'the licence. It is no part of this workshop, whose own licence is MIT.',
];
/** One retry, and no waiting for minutes where there is no network. */
const NPM = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
const NPM_NETWORK = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=30000'];

/**
 * Compass's interface for a browser, fetched when it is not there yet. What was fetched half is never left behind.
 * @returns the node_modules folder that has it; undefined when Ctrl+C stopped npm
 * @throws {EnvironmentError} when npm cannot fetch it
 */
export async function fetchCompass(say: (line: string) => void, root = ROOT): Promise<string | undefined> {
  const home = join(stateDir(root), 'compass');
  const packages = join(home, 'node_modules');
  if (isThere(packages)) return packages;
  for (const line of ABOUT) say(line);
  const half = halfWay(root);
  try {
    for (const file of FILES) copyFileSync(join(PINNED, file), join(half, file));
    if (!(await npmCi(half))) return undefined;
    // An older version makes room; a second command may have put the same one there meanwhile.
    if (!isThere(packages)) {
      rmSync(home, { recursive: true, force: true });
      renameSync(half, home);
    }
  } finally {
    rmSync(half, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  return packages;
}

function halfWay(root: string): string {
  const dir = join(root, '.workshop', 'compass-half-');
  try {
    return mkdtempSync(dir);
  } catch (error) {
    throw unwritable(dir, root, error);
  }
}

function isThere(packages: string): boolean {
  const installed = join(packages, '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(PINNED, 'package-lock.json'), 'utf8'));
  return missingPackages(wanted, JSON.parse(readFileSync(installed, 'utf8')), { dev: false }).length === 0;
}

/** @returns whether it came to its end: false when it was stopped */
async function npmCi(dir: string): Promise<boolean> {
  const { file, args, env, shell } = npmCommand([...NPM, ...NPM_NETWORK, '--prefix', '.']);
  // npm's own words go to stderr: stdout is for where Compass is.
  const stdio: ['ignore', 2, 2] = ['ignore', 2, 2];
  // Its own process group, so that stopping reaches whatever npm starts.
  const npm = spawn(file, args, { cwd: dir, env, shell, stdio, detached: process.platform !== 'win32' });
  const stopped = endOnSignal(npm);
  const [code] = await once(npm, 'close').catch((error) => [error.message]);
  if (stopped()) return false;
  if (code === 0) return true;
  throw new EnvironmentError(
    `Compass's interface could not be fetched (npm ci ended with ${code}). Is the network away, or a proxy in between: npm ping? ` +
      'Desktop Compass and mongosh need none of it: the connection string above is all they take.',
  );
}

/** @returns whether a signal came; to be asked once, when the process has ended */
function endOnSignal(child: ChildProcess): () => boolean {
  let came = false;
  const end = () => {
    came = true;
    endTree(child.pid);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
    return came;
  };
}
