// Moving, removing and copying, for every system. Plain JavaScript, because the launcher needs it too.
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Error codes on Windows while another program has a file open: a virus scanner, an indexer, a synchronised folder, an editor. Most
 * of them close it within a second. ENOTEMPTY: a file that was deleted in the folder is still open, and goes when it is closed.
 */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY', 'ENOTEMPTY']);
const PATIENCE_MS = 4000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

/**
 * What the functions of this file do differently on Windows. Tests give their own.
 * @typedef {{ platform: string, patienceMs: number }} System
 * @type {System}
 */
const THIS_SYSTEM = { platform: process.platform, patienceMs: PATIENCE_MS };

/** @param {unknown} error @param {System} system */
const isHeld = (error, { platform }) =>
  platform === 'win32' && HELD.has(/** @type {NodeJS.ErrnoException} */ (error).code ?? '');

/**
 * Does something to a file. On Windows it tries again for some seconds while another program has the file open. On other
 * systems an error is final.
 * @template T
 * @param {() => T} action
 * @param {System} [system]
 * @returns {T}
 * @throws what the last try threw
 */
export function whenReleased(action, system = THIS_SYSTEM) {
  const limit = performance.now() + system.patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return action();
    } catch (error) {
      if (!isHeld(error, system) || performance.now() > limit) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
  }
}

/**
 * Renames a file or a folder; a file may replace another file.
 * @param {string} from
 * @param {string} to
 * @param {System & { rename?: typeof renameSync }} [system]
 */
export function moveSync(from, to, { rename = renameSync, ...system } = THIS_SYSTEM) {
  // A folder that is not empty cannot be replaced. Windows reports EPERM for that too, and trying again does not help.
  const isFinal = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  whenReleased(() => rename(from, to), isFinal ? { ...system, patienceMs: 0 } : system);
}

/**
 * Removes a file, a link, or a folder with all that is in it. The target of a link stays. A missing path is no error.
 *
 * In place of `fs.rmSync`, which on Node 24.12 and 24.13 for Windows does nothing, without an error, where the path has a
 * letter beyond ASCII.
 * @param {string} path
 * @param {System} [system]
 */
export function removeSync(path, system = THIS_SYSTEM) {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      for (const name of readdirSync(path)) removeSync(join(path, name), system);
      whenReleased(() => rmdirSync(path), system);
    } else whenReleased(() => unlinkSync(path), system);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}

/**
 * Removes what is no longer needed. What cannot be removed stays, without an error.
 * @param {string} path
 */
export function tidySync(path) {
  try {
    removeSync(path);
  } catch {
    // A virus scanner keeps it open for longer, or it belongs to another user.
  }
}

/**
 * Copies a file or a folder, and makes the folders that it goes to. A link is copied as its target.
 *
 * In place of `fs.cpSync`, which on Node 22.18 to 22.23 and 24.12 to 24.14 for Windows ends the process without a message
 * where the path has a letter beyond ASCII.
 * @param {string} from
 * @param {string} to
 * @param {(path: string) => boolean} [isWanted] called for `from` and everything in it
 */
export function copySync(from, to, isWanted = () => true) {
  if (!isWanted(from)) return;
  const isFolder = statSync(from).isDirectory();
  mkdirSync(isFolder ? to : dirname(to), { recursive: true });
  if (!isFolder) return copyFileSync(from, to);
  for (const name of readdirSync(from)) copySync(join(from, name), join(to, name), isWanted);
}

/**
 * Whether a path leads to a file manager's own files: `.DS_Store`, and macOS's `._app.ts` on foreign disks,
 * which has the attributes of app.ts and is no TypeScript.
 * @param {string} path
 */
export function isLeftBehind(path) {
  return path.split(/[\\/]/).some((name) => /^(?:\.DS_Store|\._.*|Thumbs\.db|desktop\.ini)$/i.test(name));
}

/**
 * The names in a folder, without the files of file managers.
 * @param {string} folder
 * @param {{ recursive?: boolean }} [options] recursive: also the paths in its subfolders
 */
export function namesIn(folder, { recursive = false } = {}) {
  return readdirSync(folder, { recursive, encoding: 'utf8' }).filter((path) => !isLeftBehind(path));
}

/**
 * Makes a folder appear at another place: by a link, or by a copy where the file system has no links. exFAT and some
 * network shares have none.
 * @param {string} from an absolute path
 * @param {string} to
 * @param {typeof symlinkSync} [link]
 */
export function linkOrCopySync(from, to, link = symlinkSync) {
  try {
    // Every Windows user may make a junction. On other systems this makes an ordinary link.
    link(from, to, 'junction');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') throw error;
    copySync(from, to);
  }
}
