import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ScratchFolder } from '../grader/scratch.ts';
import { moveSync, removeSync } from '../setup/files.mjs';
import { ROOT, shown } from '../shared/paths.ts';
import { stateDir, unwritable } from '../shared/state-dir.ts';
import { readStateFile } from '../shared/state-file.ts';
import { writeWhole } from '../shared/write-whole.ts';
import { editedFiles, type Lesson } from './lessons.ts';
import { filesIn, wholeStarter } from './starter.ts';

/** Maps a starter file, by its path in the lesson's folder, to the hash of the version that was copied to work/. */
type Copied = Record<string, string>;

/**
 * Makes work/NN-slug from the starter, or brings it up to date. A file that is still as it was copied is updated when the
 * starter's has changed; a file that the learner has changed or added stays, and one to edit that they deleted stays deleted. The
 * text, README.md and the other .md files, stays in lessons/.
 * @returns whether the folder had been opened before, and was gone
 * @throws EnvironmentError when the starter is gone, or work/ or `.workshop/` cannot be written
 */
export function openWork(lesson: Lesson, root = ROOT): boolean {
  const starter = wholeStarter(lesson, root);
  const isThere = existsSync(lesson.workDir);
  const wasGone = !isThere && existsSync(copiedFile(lesson, root));
  const copied = isThere ? readCopied(lesson, root) : {};
  const drafts = new ScratchFolder(root);
  const record: Copied = {};
  try {
    for (const file of starter) {
      const [from, to] = [join(lesson.dir, file), join(lesson.workDir, file)];
      const [shipped, there] = [hashOf(from) ?? '', hashOf(to)];
      const isTheirs = there === undefined ? isDeleted(lesson, file, copied) : there !== copied[file];
      if (there !== shipped && !isTheirs) replaceFile(from, to, drafts);
      record[file] = isTheirs && there !== shipped ? (copied[file] ?? '') : shipped;
    }
    for (const [file, hash] of Object.entries(copied)) {
      const gone = join(lesson.workDir, file);
      if (!starter.includes(file) && hashOf(gone) === hash) removeSync(gone);
    }
    if (JSON.stringify(record) !== JSON.stringify(copied)) writeCopied(lesson, record, root);
  } catch (error) {
    throw unwritable(lesson.workDir, root, error);
  } finally {
    drafts.remove();
  }
  return wasGone;
}

/** Whether the learner deleted this file, and edits it in the lesson. Deleted files beside those are copied again. */
function isDeleted(lesson: Lesson, file: string, copied: Copied): boolean {
  return copied[file] !== undefined && editedFiles(lesson).includes(file);
}

/**
 * Replaces the learner's version, which is kept, with today's starter. Whenever the process is killed, each file is whole, and the
 * learner's version is in its place or in the attic.
 * @returns where the learner's version went, or undefined when there was none
 * @throws EnvironmentError when the starter is gone, or work/ or `.workshop/` cannot be written
 */
export function resetLesson(lesson: Lesson, now: Date, root = ROOT): string | undefined {
  const starter = wholeStarter(lesson, root);
  const attic = join(stateDir(root), 'attic', `${lesson.folder}-${stamp(now)}`);
  const hadAnswer = existsSync(lesson.workDir);
  const drafts = new ScratchFolder(root);
  try {
    if (hadAnswer) copyFolder(lesson.workDir, attic, drafts);
    // Files are replaced one by one and the folder stays: an editor or a running lesson may hold it open.
    for (const file of starter) replaceFile(join(lesson.dir, file), join(lesson.workDir, file), drafts);
    for (const file of hadAnswer ? filesIn(attic) : []) {
      const added = join(lesson.workDir, file);
      // A file of the starter may be where a folder of the learner's was.
      if (!starter.includes(file) && existsSync(added)) removeSync(added);
    }
    recordCopied(lesson, starter, root);
  } catch (error) {
    throw unwritable(attic, root, error);
  } finally {
    drafts.remove();
  }
  return hadAnswer ? attic : undefined;
}

/** What to tell a learner whose lesson has no app.ts in work/; undefined when it is there. */
export function describeMissing(lesson: Lesson, root = ROOT): string | undefined {
  const app = join(lesson.workDir, 'app.ts');
  if (statSync(app, { throwIfNoEntry: false })?.isFile()) return undefined;
  return `${shown(app, root)} is gone. npm run reset ${lesson.number}   puts the starter back.`;
}

/** Copies a file over what is in its place, in one move. */
function replaceFile(from: string, to: string, drafts: ScratchFolder): void {
  makeRoom(dirname(to));
  // A folder in the file's place would stop the move.
  if (statSync(to, { throwIfNoEntry: false })?.isDirectory()) removeSync(to);
  const draft = join(drafts.path, 'draft');
  copyFileSync(from, draft);
  try {
    moveSync(draft, to);
  } catch {
    // Windows does not replace a file that a program has open, but lets us write to it.
    copyFileSync(draft, to);
  }
}

/** Copies a folder to where none is yet, in one move when the copy is whole. */
function copyFolder(from: string, to: string, drafts: ScratchFolder): void {
  const draft = join(drafts.path, 'folder');
  for (const file of filesIn(from)) {
    mkdirSync(dirname(join(draft, file)), { recursive: true });
    copyFileSync(join(from, file), join(draft, file));
  }
  mkdirSync(draft, { recursive: true });
  mkdirSync(dirname(to), { recursive: true });
  moveSync(draft, to);
}

/** Makes a folder, and removes a file in its place. */
function makeRoom(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isFile()) removeSync(dir);
  mkdirSync(dir, { recursive: true });
}

/** The hash of a file's text, with either kind of line end; undefined when there is no file. */
function hashOf(file: string): string | undefined {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const copiedFile = (lesson: Lesson, root: string) =>
  join(root, '.workshop', 'copied', `${lesson.folder}.json`);

/** Without a readable record no file counts as unchanged: all of them are the learner's. */
function readCopied(lesson: Lesson, root: string): Copied {
  const record = Object.entries(readStateFile(copiedFile(lesson, root), root) ?? {});
  return Object.fromEntries(
    record.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Records that work/ was made from these files of lessons/, as they are now. */
export function recordCopied(lesson: Lesson, starter: readonly string[], root: string): void {
  writeCopied(
    lesson,
    Object.fromEntries(starter.map((file) => [file, hashOf(join(lesson.dir, file)) ?? ''])),
    root,
  );
}

function writeCopied(lesson: Lesson, copied: Copied, root: string): void {
  mkdirSync(join(stateDir(root), 'copied'), { recursive: true });
  writeWhole(copiedFile(lesson, root), `${JSON.stringify(copied, null, 2)}\n`);
}

/** '2026-11-23-12-50-01-123' (UTC): new each time, and sortable. */
function stamp(now: Date): string {
  return now
    .toISOString()
    .replace(/[^\d]+/g, '-')
    .replace(/-$/, '');
}
