import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What npm installed. What is prepared from packages is made anew when they change. */
const INSTALLED = 'node_modules/.package-lock.json';

/** How long a folder that nothing asks for any more is kept, in milliseconds: a lesson left open overnight still reads from it. */
const KEPT = 7 * 24 * 60 * 60 * 1000;

/** `node_modules/` cannot be written. The message says what to do. */
export class NotPrepared extends Error {}

/**
 * Where something is kept that was made of files of the workshop and of its packages: under a name that changes with them.
 * Whether it has been made yet is the caller's to look.
 * @param {string} root the workshop's folder
 * @param {string} what
 * @param {readonly string[]} files relative to root
 * @returns {string} the path of a folder
 */
export function preparedFolder(root, what, files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of [INSTALLED, ...files]) hash.update(file).update(readFileSync(join(root, file)));
  // Where tools keep what they make of packages. It goes when they are installed anew.
  return join(root, 'node_modules', '.cache', 'session-shop', `${what}-${hash.digest('hex').slice(0, 16)}`);
}

/**
 * An empty folder to make it in.
 * @param {string} folder what preparedFolder said
 * @returns {string}
 * @throws {NotPrepared}
 */
export function openDraft(folder) {
  const draft = `${folder}-${process.pid}`;
  try {
    mkdirSync(draft, { recursive: true });
    return draft;
  } catch (error) {
    throw notPrepared(draft, error);
  }
}

/**
 * Puts what was made where others find it, in one move, and takes old ones away.
 * @param {string} draft
 * @param {string} folder
 * @throws {NotPrepared}
 */
export function settleDraft(draft, folder) {
  try {
    renameSync(draft, folder);
    removeOld(folder);
  } catch (error) {
    // Another command may have been quicker.
    const failed = dropDraft(draft, error);
    if (!existsSync(folder)) throw failed;
  }
}

/**
 * Takes away what could not be made.
 * @param {string} draft
 * @param {unknown} error why it could not
 * @returns {NotPrepared}
 */
export function dropDraft(draft, error) {
  rmSync(draft, { recursive: true, force: true });
  return notPrepared(draft, error);
}

/** @param {string} folder */
function removeOld(folder) {
  const home = dirname(folder);
  for (const name of readdirSync(home)) {
    const old = join(home, name);
    if (Date.now() - statSync(old).mtimeMs > KEPT) rmSync(old, { recursive: true, force: true });
  }
}

/** @param {string} draft @param {unknown} error */
function notPrepared(draft, error) {
  return new NotPrepared(
    `The workshop could not be prepared in ${dirname(draft)}: ${/** @type {Error} */ (error).message}\n` +
      'Make node_modules a folder that you may write to, or delete it, and run the command again.',
  );
}
