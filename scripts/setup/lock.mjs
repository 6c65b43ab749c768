import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { tidySync, whenReleased } from './files.mjs';

const ASK_AGAIN_MS = 100;
/** How old an empty lock must be to be stale: its process was killed before it had written its ID into it. */
const EMPTY_LOCK_MS = 5000;

/**
 * Waits until no other process holds the lock, takes it, and runs `work`. A lock whose process has ended is removed.
 * @template T
 * @param {string} file the lock: it contains the process ID
 * @param {(pid: string) => void} onWait called once when another process holds the lock
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    waitFor(file, onWait);
  } catch {
    return await work(); // The folder cannot be written to. The work itself reports that better.
  }
  try {
    return await work();
  } finally {
    tidySync(file);
  }
}

/** @param {string} file @param {(pid: string) => void} onWait @throws when no lock can be made there */
function waitFor(file, onWait) {
  for (let said = false; !take(file); pause()) {
    const holder = holderOf(file);
    if (isStale(file, holder)) remove(file, holder);
    else if (!said) {
      onWait(holder);
      said = true;
    }
  }
}

/** @param {string} file @returns {boolean} false when the lock exists */
function take(file) {
  try {
    // Windows says EPERM while another process deletes the file.
    whenReleased(() => writeFileSync(file, String(process.pid), { flag: 'wx' }));
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file @returns {string} '' while its process has not written yet, and when the lock is gone */
function holderOf(file) {
  // Reading a FIFO or a device could wait for ever.
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind && !kind.isFile()) throw new Error(`${file} is not a file`);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} file @param {string} holder */
function isStale(file, holder) {
  try {
    return holder ? hasEnded(holder) : Date.now() - statSync(file).mtimeMs > EMPTY_LOCK_MS;
  } catch {
    return false;
  }
}

/** @param {string} pid */
export function hasEnded(pid) {
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

/**
 * Removes a stale lock. When two processes do so at once, one may rename the other's new lock, and puts it back.
 * @param {string} file
 * @param {string} holder the process that has ended
 */
function remove(file, holder) {
  const aside = `${file}-${process.pid}`;
  try {
    renameSync(file, aside);
    if (holderOf(aside) === holder) tidySync(aside);
    else renameSync(aside, file);
  } catch {
    // Another process has removed it.
  }
}

function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ASK_AGAIN_MS);
}
