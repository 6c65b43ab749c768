// Records which commands use the packages in node_modules. npm empties that folder before it installs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, tidySync } from './files.mjs';
import { hasEnded } from './lock.mjs';

/** One file for each command, named by its process ID. In node_modules, so that a shared folder is protected, too. */
const folderIn = (/** @type {string} */ root) => join(root, 'node_modules', '.cache', 'session-shop-running');

/**
 * Records that this process uses the packages, until it ends.
 * @param {string} root the workshop's folder
 * @param {string} words what the user typed: 'npm run lesson 3'
 */
export function noteRunning(root, words) {
  const file = join(folderIn(root), String(process.pid));
  try {
    mkdirSync(folderIn(root), { recursive: true });
    writeFileSync(file, words);
    process.once('exit', () => tidySync(file));
  } catch {
    // node_modules cannot be written to: nothing can be installed there either.
  }
}

/**
 * The other commands that use the packages now. Files of killed processes are removed.
 * @param {string} root
 * @returns {{ pid: string, words: string, file: string }[]}
 */
export function runningCommands(root) {
  const folder = folderIn(root);
  if (!existsSync(folder)) return [];
  return namesIn(folder)
    .filter((pid) => pid !== String(process.pid))
    .flatMap((pid) => {
      const file = join(folder, pid);
      if (hasEnded(pid)) tidySync(file);
      else return [{ pid, words: readWords(file), file }];
      return [];
    });
}

/** @param {string} file */
function readWords(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'a command of the workshop';
  }
}
