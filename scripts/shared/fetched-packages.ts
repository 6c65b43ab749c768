import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { endTree } from '../processes/end-tree.mjs';
import { moveSync, removeSync, tidySync } from '../setup/files.mjs';
import { missingPackages, npmCommand } from '../setup/packages.mjs';
import { EnvironmentError } from './errors.ts';
import { ROOT } from './paths.ts';
import { stateDir, unwritable } from './state-dir.ts';

/** Packages that only one command needs. They are no dependencies of the workshop: the command fetches them at its first use. */
export interface PackageSet {
  /** The folder in `.workshop/` that they go to. */
  readonly folder: string;
  /** A folder with package.json and package-lock.json: the exact versions, and the checksum of each. npm installs nothing else. */
  readonly pinned: string;
  /** Printed before they are fetched: what, how large, where to. */
  readonly about: readonly string[];
  /** What they are, and what works without them: for the error when npm cannot fetch them. */
  readonly named: string;
  readonly otherwise: string;
}

const FILES = ['package.json', 'package-lock.json'];
/** One retry: without a network, npm's default waits for minutes. */
const NPM = [
  'ci',
  '--ignore-scripts',
  // exFAT has no links.
  '--no-bin-links',
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
];
const NPM_NETWORK = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=30000'];

/**
 * Fetches the packages of a set when they are not there yet. Incomplete downloads are removed.
 * @param say gets the set's `about`, line by line, before anything is fetched
 * @returns the node_modules folder that has them; undefined when a signal stopped npm
 * @throws {EnvironmentError} when npm cannot fetch them
 */
export async function fetchPackages(
  set: PackageSet,
  say: (line: string) => void,
  root = ROOT,
): Promise<string | undefined> {
  const home = join(stateDir(root), set.folder);
  const packages = join(home, 'node_modules');
  if (areThere(set, packages)) return packages;
  for (const line of set.about) say(line);
  const half = temporaryFolder(set, root);
  try {
    for (const file of FILES) copyFileSync(join(set.pinned, file), join(half, file));
    if (!(await npmCi(half, set))) return undefined;
    // Removes an older version. A second command may have put the same one there meanwhile.
    if (!areThere(set, packages)) {
      removeSync(home);
      moveSync(half, home);
    }
  } finally {
    tidySync(half);
  }
  return packages;
}

/**
 * The entry file of a package of a set: the workshop's own (in a development install), or the fetched one.
 * @returns undefined when it is in neither place
 */
export function findPackage({ folder }: PackageSet, name: string, root = ROOT): string | undefined {
  for (const place of [root, join(root, '.workshop', folder)]) {
    try {
      return createRequire(join(place, 'package.json')).resolve(name);
    } catch {
      // Try the next place.
    }
  }
  return undefined;
}

function temporaryFolder({ folder }: PackageSet, root: string): string {
  const dir = join(root, '.workshop', `${folder}-half-`);
  try {
    return mkdtempSync(dir);
  } catch (error) {
    throw unwritable(dir, root, error);
  }
}

function areThere({ pinned }: PackageSet, packages: string): boolean {
  const installed = join(packages, '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(pinned, 'package-lock.json'), 'utf8'));
  return missingPackages(wanted, JSON.parse(readFileSync(installed, 'utf8')), { dev: false }).length === 0;
}

/** @returns false when a signal stopped it */
async function npmCi(dir: string, { named, otherwise }: PackageSet): Promise<boolean> {
  const { file, args, env, shell } = npmCommand([...NPM, ...NPM_NETWORK, '--prefix', '.']);
  // npm's own words go to stderr: stdout is the command's.
  const stdio: ['ignore', 2, 2] = ['ignore', 2, 2];
  // A process group of its own, on Windows a console of its own: Ctrl+C reaches only us, and we end npm with all that it started.
  const detached = process.platform !== 'win32';
  const npm = spawn(file, args, { cwd: dir, env, shell, stdio, detached, windowsHide: true });
  const wasStopped = endOnSignal(npm);
  const [code] = await once(npm, 'close').catch((error) => [error.message]);
  if (wasStopped()) return false;
  if (code === 0) return true;
  throw new EnvironmentError(
    `${named} could not be fetched (npm ci ended with ${code}). Is the network away, or a proxy in between: npm ping? ` +
      otherwise,
  );
}

/** @returns whether a signal came. Call it once, when the process has ended. */
function endOnSignal(child: ChildProcess): () => boolean {
  let came = false;
  const end = () => {
    came = true;
    void endTree(child);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
    return came;
  };
}
