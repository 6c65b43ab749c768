import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { UsageError } from './errors.ts';
import { findLessons, type Lesson } from './lessons.ts';
import { ROOT } from './paths.ts';
import { stateDir, unwritable } from './state.ts';

/** Where the pristine copy of a lesson's starter is kept. */
export function pristineDir(lesson: Lesson, root = ROOT): string {
  return join(root, '.workshop', 'pristine', lesson.folder);
}

/**
 * Keeps a copy of every starter that has none yet. Every command does this first, so reset works in a ZIP
 * download too. A copy appears whole or not at all: it is made under another name and then renamed.
 */
export function keepPristine(root = ROOT): void {
  const home = join(stateDir(root), 'pristine');
  for (const lesson of findLessons(root)) {
    const kept = pristineDir(lesson, root);
    if (existsSync(kept) || !existsSync(lesson.dir)) continue;
    const unfinished = `${kept}.${process.pid}`;
    try {
      mkdirSync(home, { recursive: true });
      cpSync(lesson.dir, unfinished, { recursive: true });
      renameSync(unfinished, kept);
    } catch (error) {
      // Where nothing could be made there is nothing to remove, and even force complains about a file as parent.
      if (existsSync(unfinished)) rmSync(unfinished, { recursive: true, force: true });
      // Another command may have kept it in the meantime.
      if (!existsSync(kept)) throw unwritable(kept, root, error);
    }
  }
}

/**
 * Puts a lesson's starter back.
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
  try {
    // First a whole copy of what is there: whatever is interrupted after it, nothing of the learner's is lost.
    if (hadAnswer) cpSync(lesson.dir, attic, { recursive: true });
    // Files are replaced one by one and the folder stays: an editor or a running lesson may hold it open.
    for (const name of hadAnswer ? readdirSync(starter, { recursive: true, encoding: 'utf8' }) : []) {
      // A folder in a file's place, or a file in a folder's, would stop the copy.
      const [is, was] = [lesson.dir, starter].map((dir) =>
        statSync(join(dir, name), { throwIfNoEntry: false }),
      );
      if (is && is.isDirectory() !== was?.isDirectory()) rmSync(join(lesson.dir, name), { recursive: true });
    }
    cpSync(starter, lesson.dir, { recursive: true });
    for (const file of hadAnswer ? filesIn(attic) : []) {
      const added = join(lesson.dir, file);
      if (!existsSync(join(starter, file)) && existsSync(added)) rmSync(added);
    }
  } catch (error) {
    throw unwritable(attic, root, error);
  }
  return hadAnswer ? attic : undefined;
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
