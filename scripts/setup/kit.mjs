import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** In a kit: the folder with the packages and the kit's description. */
export const KIT = 'kit';
/** In a kit: the mongod binaries, where mongodb-memory-server finds them. */
export const BINARIES = 'mongodb-binaries';
/** Every file of the kit with its checksum, in the form that sha256sum reads. */
export const SUMS = `${KIT}/SHA256SUMS`;

/**
 * The description of the kit in the workshop's folder.
 * @param {string} root
 * @returns {{ made: string, platforms: string[], tests: boolean } | undefined} undefined in a clone or a ZIP download
 */
export function kitAt(root) {
  try {
    return JSON.parse(readFileSync(join(root, KIT, 'kit.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The files of a kit that are missing or changed, because a stick failed or a copy was stopped.
 * @param {string} root
 * @returns {string[]}
 */
export function damagedIn(root) {
  return examineKit(root).damaged;
}

/**
 * Like `damagedIn`, but with a time limit.
 * @param {string} root
 * @param {number} [limit] in milliseconds
 * @returns {{ damaged: string[], left: number }} left: how many files were not examined
 */
export function examineKit(root, limit = Number.POSITIVE_INFINITY) {
  const list = join(root, SUMS);
  if (!existsSync(list)) return { damaged: [SUMS], left: 0 };
  const end = performance.now() + limit;
  const files = readFileSync(list, 'utf8').split(/\r?\n/).filter(Boolean);
  const damaged = [];
  for (const [i, line] of files.entries()) {
    if (performance.now() > end) return { damaged, left: files.length - i };
    const path = line.slice(66);
    const file = join(root, path);
    if (!existsSync(file) || sha256Of(file) !== line.slice(0, 64)) damaged.push(path);
  }
  return { damaged, left: 0 };
}

/**
 * A file's checksum. Read in pieces: a mongod is 200 MB.
 * @param {string} file
 */
export function sha256Of(file) {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(1024 * 1024);
  const handle = openSync(file, 'r');
  try {
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      hash.update(piece.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}

/**
 * Makes the binaries executable, because a stick's file system does not store that.
 * @param {string} root
 */
export function makeExecutable(root) {
  const folder = join(root, BINARIES);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o755);
}
