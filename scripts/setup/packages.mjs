import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { damagedIn, kitAt, makeExecutable } from './kit.mjs';
import { withLock } from './lock.mjs';
import { runningCommands } from './running.mjs';

/** The size of the packages on disk, in MB. setup.test.ts measures it: a lock file has no sizes. */
export const INSTALLED_MB = { learner: 64, dev: 250 };
/** How often the progress of an installation is printed, in milliseconds: on a terminal, and in a log. */
const SAY_AGAIN_MS = { terminal: 1000, log: 10_000 };

/**
 * Installs from the lock file when a needed package is missing or of another version. Learners' commands do
 * without the development packages (the test runner, the linter), which are most of the download. When two commands run at once,
 * one installs and the other waits.
 * @param {string} root the workshop's folder
 * @param {{ dev: boolean }} options
 * @returns {Promise<boolean>} false when npm failed; npm's message and ours are then on stderr
 */
export async function ensureInstalled(root, options) {
  if (isInstalled(root, options)) return true;
  const lock = join(root, '.workshop', 'installing');
  const sayWaiting = (pid) =>
    console.error(
      `Another command (process ${pid}) installs the packages. Waiting for it. If there is no such command, delete ${lock}.`,
    );
  return await withLock(lock, sayWaiting, () => isInstalled(root, options) || install(root, options));
}

/** @param {string} root @param {{ dev: boolean }} options */
function isInstalled(root, options) {
  return missingPackages(lockFile(root), installedIn(root), options).length === 0;
}

/** @param {string} root @param {{ dev: boolean }} options */
async function install(root, { dev }) {
  const [other] = runningCommands(root);
  if (other) {
    console.error(
      [
        'This command needs packages that are not installed yet. Installing would remove those that another command uses:',
        `  ${other.words} (process ${other.pid})`,
        'End it first (in a lesson: press q). Then run this command again.',
        `If there is no such command any more, delete ${other.file}.`,
      ].join('\n'),
    );
    return false;
  }
  const kit = kitAt(root);
  if (kit && !isWhole(root)) return false;
  const from = kit ? ' from the kit, without the network' : '';
  // A learner who already has the development packages keeps them.
  const keepDev = dev || installedIn(root)?.packages['node_modules/vitest'] !== undefined;
  const paths = missingPackages(lockFile(root), undefined, { dev: keepDev });
  const megabytes = keepDev ? INSTALLED_MB.dev : INSTALLED_MB.learner;
  console.error(
    `Installing the packages of the workshop${from}. About ${paths.length} packages, ${megabytes} MB on disk. This happens once, and again after an update.`,
  );
  if (dev && kit && !kit.tests)
    console.error('The kit came without the development packages: npm asks its registry.');
  // No bin links, which exFAT lacks: commands find programs by their paths.
  const status = await npmCi(root, paths, keepDev ? [] : ['--omit=dev', '--no-bin-links']);
  if (status === 0) return true;

  console.error(
    [
      '',
      `npm could not install the packages (npm ci ended with ${status}). Its message is above.`,
      'Nothing is wrong with your answers. Most often the network is away, or a proxy is in between:',
      '  npm ping            does npm reach its registry?',
      '  npm config list     is a proxy or another registry set?',
      'Then run the same command again.',
    ].join('\n'),
  );
  return false;
}

/**
 * The packages of the lock file that are not installed, by their path in it. Optional ones (binaries for other
 * systems) are left out.
 * @param {Lock | undefined} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json, which npm writes when an install succeeds
 * @param {{ dev: boolean }} options
 * @returns {string[]}
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, dependencies?: Record<string, string> }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lock
 */
export function missingPackages(wanted, installed, { dev }) {
  return Object.entries(wanted?.packages ?? {})
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && (dev || !entry.dev))
    .filter(([path, entry]) => installed?.packages[path]?.version !== entry.version)
    .map(([path]) => path);
}

/**
 * Examines a kit before anything is installed from it.
 * @param {string} root
 */
function isWhole(root) {
  const damaged = damagedIn(root);
  if (damaged.length === 0) {
    makeExecutable(root);
    return true;
  }
  const more = damaged.length > 1 ? ` and ${damaged.length - 1} more` : '';
  console.error(
    [
      `This kit is damaged: ${damaged[0]}${more} is missing or not as it was packed.`,
      'Copy the whole folder again from where you have it. If it stays, the stick or the download is at fault.',
    ].join('\n'),
  );
  return false;
}

/**
 * Runs `npm ci`, and prints meanwhile how many packages are there.
 * @param {string} root
 * @param {string[]} paths of the packages, below root
 * @param {string[]} flags
 * @returns its exit code, or why there is none
 */
async function npmCi(root, paths, flags) {
  const { file, args, ...options } = npmCommand([
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    // npm's progress bar would overwrite our lines, and has no numbers.
    '--no-progress',
    ...flags,
  ]);
  // stdout belongs to the command that was asked for, so npm's goes to stderr.
  const npm = spawn(file, args, { ...options, cwd: root, stdio: ['ignore', 2, 2] });
  const stopSaying = sayHowFar(root, paths);
  try {
    const [code, signal] = await once(npm, 'exit');
    return code ?? signal;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  } finally {
    stopSaying();
  }
}

/**
 * How many of these packages npm has unpacked so far.
 * @param {string} root
 * @param {string[]} paths
 * @param {number} ms since it began
 */
export function howFar(root, paths, ms) {
  const there = paths.filter((path) => existsSync(join(root, path, 'package.json')));
  return `${there.length} of ${paths.length} packages are there, after ${Math.round(ms / 1000)} s`;
}

/** @param {string} root @param {string[]} paths @returns {() => void} stops it */
function sayHowFar(root, paths) {
  const began = performance.now();
  const { isTTY } = process.stderr;
  const timer = setInterval(
    () => {
      const line = `  ${howFar(root, paths, performance.now() - began)}`;
      process.stderr.write(isTTY ? `\r${line}` : `${line}\n`);
    },
    isTTY ? SAY_AGAIN_MS.terminal : SAY_AGAIN_MS.log,
  );
  return () => {
    clearInterval(timer);
    // Clears the line for npm's output, or the command's.
    if (isTTY) process.stderr.write('\r\x1b[K');
  };
}

/**
 * How to start npm.
 * @param {string[]} args none with a space: on Windows a shell may parse them
 * @param {boolean} [windows]
 * @returns {{ file: string, args: string[], env: NodeJS.ProcessEnv, shell: boolean }}
 */
export function npmCommand(args, windows = process.platform === 'win32') {
  // `npm run check --json` passes its flags to this npm as well, which would then print JSON.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => key !== 'npm_config_json'));
  const npm = process.env.npm_execpath ?? '';
  // `npm run` sets the path of npm. Starting that file needs no shell, not even on Windows.
  return npm.endsWith('npm-cli.js')
    ? { file: process.execPath, args: [npm, ...args], env, shell: false }
    : windows
      ? // One string, because Node warns of arguments with a shell (DEP0190).
        { file: ['npm', ...args].join(' '), args: [], env, shell: true }
      : { file: 'npm', args, env, shell: false };
}

/** @param {string} root @returns {Lock | undefined} */
function lockFile(root) {
  return readJson(join(root, 'package-lock.json'));
}

/** @param {string} root @returns {Lock | undefined} */
function installedIn(root) {
  return readJson(join(root, 'node_modules', '.package-lock.json'));
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
