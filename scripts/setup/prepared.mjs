import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { moveSync, tidySync } from './files.mjs';

/** npm's list of the installed packages. When it changes, everything is prepared again. */
const INSTALLED = 'node_modules/.package-lock.json';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a folder may be unused until it is removed. */
const UNUSED_LIMIT_MS = 7 * DAY_MS;

/** In each folder: the SHA-256 of every file that was made. */
const SEAL = 'sealed.json';
/** Files that are written later and are not in the seal: V8's cache, and its drafts. */
const isWrittenLater = (/** @type {string} */ name) => name === SEAL || /\.v8(?:\.\d+)?$/.test(name);

/** `node_modules/` cannot be written. The message says what to do. */
export class NotPrepared extends Error {}

/**
 * The folder for what is built from files of the workshop and of its packages. Its name changes when they do. The
 * folder may not exist yet. Once it does, it is not removed while this process runs.
 * @param {string} root the workshop's folder
 * @param {string} what
 * @param {readonly string[]} files relative to root
 * @returns {string} the path of a folder
 */
export function preparedFolder(root, what, files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of [INSTALLED, ...files]) hash.update(file).update(readFileSync(join(root, file)));
  // In node_modules, so that npm ci removes it.
  const name = `${what}-${hash.digest('hex').slice(0, 16)}`;
  const folder = join(root, 'node_modules', '.cache', 'session-shop', name);
  markUsed(folder);
  setInterval(markUsed, DAY_MS, folder).unref();
  return folder;
}

/** @param {string} folder */
function markUsed(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // The folder does not exist yet, or belongs to another user.
  }
}

/**
 * An empty folder to build in. It has another name, so that no process uses it before it is complete.
 * @param {string} folder the result of preparedFolder
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
 * Renames the draft to the folder, and removes folders that are not used any more.
 * @param {string} draft
 * @param {string} folder
 * @throws {NotPrepared}
 */
export function settleDraft(draft, folder) {
  try {
    writeFileSync(join(draft, SEAL), JSON.stringify(digestsOf(draft, filesIn(draft))));
    moveSync(draft, folder);
    removeUnused(dirname(folder));
  } catch (error) {
    // Another command may have made the folder meanwhile.
    const failed = dropDraft(draft, error);
    if (!existsSync(folder)) throw failed;
  }
}

/**
 * Whether a folder is there and unchanged. One that an answer, a virus scanner or a crash has changed is removed, to be built again:
 * its files judge answers.
 * @param {string} folder the result of preparedFolder
 * @returns {boolean}
 */
export function isAsMade(folder) {
  if (!existsSync(folder)) return false;
  try {
    const sealed = JSON.parse(readFileSync(join(folder, SEAL), 'utf8'));
    const now = digestsOf(folder, Object.keys(sealed));
    const isSealed = Object.keys(sealed).every((name) => sealed[name] === now[name]);
    const added = filesIn(folder).filter((name) => !(name in sealed) && !isWrittenLater(name));
    if (Object.keys(sealed).length > 0 && isSealed && added.length === 0) return true;
  } catch {
    // A file is missing, or the list itself is damaged.
  }
  tidySync(folder);
  return false;
}

/** @param {string} folder @returns {string[]} the files in it, at any depth */
function filesIn(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'));
}

/** @param {string} folder @param {readonly string[]} files @returns {Record<string, string>} */
function digestsOf(folder, files) {
  const digest = (/** @type {string} */ name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(files.map((name) => [name, digest(name)]));
}

/**
 * Removes a draft whose build failed.
 * @param {string} draft
 * @param {unknown} error the reason
 * @returns {NotPrepared}
 */
export function dropDraft(draft, error) {
  tidySync(draft);
  return notPrepared(draft, error);
}

/** @param {string} home */
function removeUnused(home) {
  for (const name of readdirSync(home)) {
    const folder = join(home, name);
    const unusedMs = Date.now() - statSync(folder).mtimeMs;
    if (unusedMs > UNUSED_LIMIT_MS) tidySync(folder);
  }
}

/** @param {string} draft @param {unknown} error */
function notPrepared(draft, error) {
  return new NotPrepared(
    `The workshop could not be prepared in ${dirname(draft)}: ${/** @type {Error} */ (error).message}\n` +
      'Make node_modules a folder that you may write to, or delete it, and run the command again.',
  );
}
