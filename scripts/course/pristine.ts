import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ScratchFolder } from '../grader/scratch.ts';
import { UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';
import { findLessons, type Lesson } from './lessons.ts';
import { stateDir, unwritable } from './state.ts';

/** Where the pristine copy of a lesson's starter is kept. */
export function pristineDir(lesson: Lesson, root = ROOT): string {
  return join(root, '.workshop', 'pristine', lesson.folder);
}

/**
 * Keeps a copy of every starter that has none yet. Every command does this first, so reset works in a ZIP
 * download too. A copy appears whole or not at all, whenever this process is killed.
 */
export function keepPristine(root = ROOT): void {
  for (const lesson of findLessons(root)) {
    const kept = pristineDir(lesson, root);
    if (existsSync(kept) || !existsSync(lesson.dir)) continue;
    const drafts = new ScratchFolder(root);
    try {
      copyWhole(lesson.dir, kept, drafts);
    } catch (error) {
      // Another command may have kept it in the meantime.
      if (!existsSync(kept)) throw unwritable(kept, root, error);
    } finally {
      drafts.remove();
    }
  }
}

/**
 * Puts a lesson's starter back. Whenever it is killed, each file is whole, and the learner's version is in its place or in
 * the attic.
 * @returns where the learner's version went, or undefined when there was none
 */
export function resetLesson(lesson: Lesson, now: Date, root = ROOT): string | undefined {
  const starter = pristineDir(lesson, root);
  if (!existsSync(starter)) {
    throw new UsageError(
      `There is no copy of the starter of lesson ${lesson.number}. In a git clone: git checkout -- lessons/${lesson.folder}`,
    );
  }
  const attic = join(stateDir(root), 'attic', `${lesson.folder}-${stamp(now)}`);
  const hadAnswer = existsSync(lesson.dir);
  const drafts = new ScratchFolder(root);
  try {
    if (hadAnswer) copyWhole(lesson.dir, attic, drafts);
    // Files are replaced one by one and the folder stays: an editor or a running lesson may hold it open.
    for (const file of filesIn(starter)) putBack(join(starter, file), join(lesson.dir, file), drafts);
    for (const file of hadAnswer ? filesIn(attic) : []) {
      const added = join(lesson.dir, file);
      if (!existsSync(join(starter, file)) && existsSync(added)) rmSync(added);
    }
  } catch (error) {
    throw unwritable(attic, root, error);
  } finally {
    drafts.remove();
  }
  return hadAnswer ? attic : undefined;
}

/** Copies a folder to where none is yet. It appears in one move, when it is whole. */
function copyWhole(from: string, to: string, drafts: ScratchFolder): void {
  const draft = join(drafts.path, basename(to));
  cpSync(from, draft, { recursive: true });
  mkdirSync(dirname(to), { recursive: true });
  renameSync(draft, to);
}

/** Copies a file over what is in its place, in one move. */
function putBack(from: string, to: string, drafts: ScratchFolder): void {
  makeRoom(dirname(to));
  // A folder in the file's place would stop the move.
  if (statSync(to, { throwIfNoEntry: false })?.isDirectory()) rmSync(to, { recursive: true });
  const draft = join(drafts.path, 'draft');
  copyFileSync(from, draft);
  try {
    renameSync(draft, to);
  } catch {
    // Windows does not replace a file that somebody holds open. It may be written to all the same.
    copyFileSync(draft, to);
  }
}

/** Makes a folder, also where a file is in its place. */
function makeRoom(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isFile()) rmSync(dir);
  mkdirSync(dir, { recursive: true });
}

/** The files of a folder, at any depth, by their path in it. */
function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
}

/** '2026-11-23-12-50-01-123' (UTC): new each time, and sortable. */
function stamp(now: Date): string {
  return now
    .toISOString()
    .replace(/[^\d]+/g, '-')
    .replace(/-$/, '');
}
