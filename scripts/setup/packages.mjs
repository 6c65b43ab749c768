import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { damagedIn, kitAt, makeExecutable } from './kit.mjs';
import { withLock } from './lock.mjs';

/** What the packages take on disk, in MB. setup.test.ts measures an installation: a lock file does not tell sizes. */
export const INSTALLED_MB = { learner: 64, dev: 250 };

/**
 * Installs from the lock file when a needed package is missing or of another version. Learners' commands do
 * without the development packages (the test runner, the linter), which are most of the download. Of two commands at once,
 * one installs and the other waits.
 * @param {string} root the workshop's folder
 * @param {{ dev: boolean }} options
 * @returns {boolean} false when npm failed; npm's message and ours are then on stderr
 */
export function ensureInstalled(root, options) {
  if (isInstalled(root, options)) return true;
  const lock = join(root, '.workshop', 'installing');
  const sayWaiting = (pid) =>
    console.error(
      `Another command (process ${pid}) installs the packages. Waiting for it. If there is no such command, delete ${lock}.`,
    );
  return withLock(lock, sayWaiting, () => isInstalled(root, options) || install(root, options));
}

/** @param {string} root @param {{ dev: boolean }} options */
function isInstalled(root, options) {
  return missingPackages(lockFile(root), installedIn(root), options).length === 0;
}

/** @param {string} root @param {{ dev: boolean }} options */
function install(root, { dev }) {
  const kit = kitAt(root);
  if (kit && !isWhole(root)) return false;
  const from = kit ? ' from the kit, without the network' : '';
  // A learner who already has the development packages keeps them.
  const keepDev = dev || installedIn(root)?.packages['node_modules/vitest'] !== undefined;
  console.error(`Installing the packages of the workshop${from}. ${sizeOf(root, keepDev)}`);
  if (dev && kit && !kit.tests)
    console.error('The kit came without the development packages: npm asks its registry.');
  const status = npmCi(root, keepDev ? [] : ['--omit=dev']);
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

/** @param {string} root @param {boolean} dev */
function sizeOf(root, dev) {
  const { length } = missingPackages(lockFile(root), undefined, { dev });
  const megabytes = dev ? INSTALLED_MB.dev : INSTALLED_MB.learner;
  return `About ${length} packages, ${megabytes} MB on disk. This happens once, and again after an update.`;
}

/**
 * The packages of the lock file that are not installed, by their path in it. Optional ones (binaries for other
 * systems) do not count.
 * @param {Lock | undefined} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json, which npm writes when an install ended well
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
 * Looks through a kit before anything is installed from it.
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

/** @param {string} root @param {string[]} flags */
function npmCi(root, flags) {
  const { file, args, ...options } = npmCommand([
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...flags,
  ]);
  // stdout belongs to the command that was asked for, so npm's goes to stderr.
  const result = spawnSync(file, args, { ...options, cwd: root, stdio: ['ignore', 2, 2] });
  return result.status ?? result.error?.message ?? result.signal;
}

/**
 * How to start npm.
 * @param {string[]} args none with a space in it: on Windows a shell may read them
 * @param {boolean} [windows]
 * @returns {{ file: string, args: string[], env: NodeJS.ProcessEnv, shell: boolean }}
 */
export function npmCommand(args, windows = process.platform === 'win32') {
  // `npm run check --json` hands its flags to this npm as well: it would then print JSON of its own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => key !== 'npm_config_json'));
  const npm = process.env.npm_execpath ?? '';
  // Under `npm run` npm tells where it lives. Starting that file needs no shell, also on Windows.
  return npm.endsWith('npm-cli.js')
    ? { file: process.execPath, args: [npm, ...args], env, shell: false }
    : windows
      ? // One line, because Node warns of arguments beside a shell (DEP0190).
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
