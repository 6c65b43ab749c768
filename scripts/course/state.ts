import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { LessonVerdict, VerdictWord } from '../grader/verdict.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { ROOT, shown } from '../shared/paths.ts';
import type { Lesson } from './lessons.ts';

/** What is remembered of one lesson. */
export interface LessonProgress {
  verdict: VerdictWord;
  /** Step id to its last verdict. */
  steps: Record<string, VerdictWord>;
  /** Step id to how many of its hints were shown. */
  hints: Record<string, number>;
}

/** `.workshop/progress.json`: lesson folder to what is remembered of it. */
export interface Progress {
  schema: 1;
  lessons: Record<string, LessonProgress>;
}

/** The folder `.workshop/`, made when it is missing. */
export function stateDir(root = ROOT): string {
  const dir = join(root, '.workshop');
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw unwritable(dir, root, error);
  }
  return dir;
}

/**
 * Reads the progress. A file that cannot be understood is moved aside and said so: a learner goes on with an
 * empty list rather than with a crash.
 */
export function readProgress(root = ROOT, say: (line: string) => void = console.error): Progress {
  const file = join(root, '.workshop', 'progress.json');
  if (!existsSync(file)) return { schema: 1, lessons: {} };
  try {
    const progress = JSON.parse(readFileSync(file, 'utf8')) as Progress;
    if (isProgress(progress)) return progress;
  } catch {
    // falls through: not JSON is as little use as JSON of another shape
  }
  const aside = join(root, '.workshop', `progress.unreadable-${Date.now()}.json`);
  try {
    renameSync(file, aside);
  } catch (error) {
    throw unwritable(file, root, error);
  }
  say(`Your progress could not be read. It was moved to ${shown(aside, root)}; this run starts a new list.`);
  say('Your answers in lessons/ are untouched: npm run check grades them all again.');
  return { schema: 1, lessons: {} };
}

/**
 * Changes what is remembered of one lesson. The file is read again first and replaced in one move, so two
 * terminals do not undo each other's lessons and a killed process leaves the old file whole.
 */
export function remember(
  folder: string,
  change: (lesson: LessonProgress) => Partial<LessonProgress>,
  root = ROOT,
): void {
  const progress = readProgress(root);
  const lesson = progress.lessons[folder] ?? { verdict: 'skipped', steps: {}, hints: {} };
  progress.lessons[folder] = { ...lesson, ...change(lesson) };
  const file = join(stateDir(root), 'progress.json');
  try {
    writeFileAtomic.sync(file, `${JSON.stringify(progress, null, 2)}\n`);
  } catch (error) {
    throw unwritable(file, root, error);
  }
}

/** Remembers a verdict on the learner's own files. */
export function rememberVerdict(lesson: Lesson, { verdict, steps }: LessonVerdict, root = ROOT): void {
  const words = Object.fromEntries(steps.map((step) => [step.id, step.verdict]));
  remember(lesson.folder, () => ({ verdict, steps: words }), root);
}

/** An error for a place under .workshop/ that cannot be written. */
export function unwritable(path: string, root: string, error: unknown): EnvironmentError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new EnvironmentError(
    `${shown(path, root)} cannot be written (${code}). The workshop keeps your progress and its copies there: ` +
      `make .workshop a folder that you may write to, or delete it, and run the command again.`,
  );
}

function isProgress(value: unknown): value is Progress {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, lessons } = value as Partial<Progress>;
  if (schema !== 1 || !isRecord(lessons)) return false;
  return Object.values(lessons).every(
    (lesson) => isRecord(lesson?.steps) && isRecord(lesson.hints) && !!lesson.verdict,
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
