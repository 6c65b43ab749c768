import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** In a kit: the folder with the packages and what is known of the kit. */
export const KIT = 'kit';
/** In a kit: the mongod binaries, where mongodb-memory-server looks by itself. */
export const BINARIES = 'mongodb-binaries';
/** Every file of the kit with its checksum, in the form that sha256sum reads. */
export const SUMS = `${KIT}/SHA256SUMS`;

/**
 * What is known of the kit that the workshop's folder is.
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
 * The files of a kit that are missing or not as they were packed: a stick fails, a copy is stopped halfway.
 * @param {string} root
 * @returns {string[]}
 */
export function damagedIn(root) {
  const list = join(root, SUMS);
  if (!existsSync(list)) return [SUMS];
  return readFileSync(list, 'utf8')
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => [line.slice(0, 64), line.slice(66)])
    .filter(([sum, path]) => {
      const file = join(root, path);
      return !existsSync(file) || sha256Of(file) !== sum;
    })
    .map(([, path]) => path);
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
 * A stick's file system does not know which files are programs.
 * @param {string} root
 */
export function makeExecutable(root) {
  const folder = join(root, BINARIES);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o755);
}
