import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LessonVerdict, VerdictWord } from '../grader/verdict.ts';
import { moveSync, removeSync } from '../setup/files.mjs';
import { ROOT, shown } from '../shared/paths.ts';
import { stateDir, unwritable, writeState } from '../shared/state-dir.ts';
import { inTheWay, isRecord, readStateFile } from '../shared/state-file.ts';
import { FOLDER, type Lesson } from './lessons.ts';
import { isSealed, makeSeals, readSeals, sealOf } from './progress-seal.ts';

/** What the workshop remembers of one lesson. */
export interface LessonProgress {
  verdict: VerdictWord;
  /** Step id to its last verdict. */
  steps: Record<string, VerdictWord>;
  /** Step id to how many of its hints were shown. */
  hints: Record<string, number>;
}

/** Lesson folder to what is remembered of it. */
export interface Progress {
  lessons: Record<string, LessonProgress>;
}

/**
 * What one command writes, each to a file of its own: a verdict, or the hints that were shown. So two commands that write at
 * the same time cannot undo each other's work, and no command waits for a lock.
 */
type Part = 'verdict' | 'hints';

const WORDS: readonly VerdictWord[] = ['pass', 'fail', 'error', 'skipped'];
const NOTHING: LessonProgress = { verdict: 'skipped', steps: {}, hints: {} };

type Say = (line: string) => void;

/**
 * Reads the progress from `.workshop/progress/`. A file that cannot be read, or that no command wrote, is moved aside, with a
 * message: its lesson begins anew, and the command goes on.
 * @throws EnvironmentError when a folder is in a file's place, or a file in the folder's
 */
export function readProgress(root = ROOT, say: Say = console.error): Progress {
  const dir = join(root, '.workshop', 'progress');
  if (existsSync(dir) && !statSync(dir).isDirectory()) throw inTheWay(dir, root, 'folder');
  splitOldFile(root, say);
  return { lessons: readLessons(dir, root, say) };
}

function readLessons(dir: string, root: string, say: Say): Progress['lessons'] {
  const lessons: Progress['lessons'] = {};
  const seals = readSeals(root);
  for (const name of partsIn(dir)) {
    const file = join(dir, name);
    const read = readPart(file, root);
    if (read === undefined) continue;
    const { known, seal } = read;
    const [folder = ''] = name.split('.');
    if (!known) moveAside(file, UNREADABLE, root, say);
    else if (!isSealed(seals, name, known, seal)) moveAside(file, NOT_OURS, root, say);
    else lessons[folder] = { ...(lessons[folder] ?? NOTHING), ...known };
  }
  return lessons;
}

/** One file of progress; `known` is undefined when its content has another shape. @returns undefined when there is no file */
function readPart(
  file: string,
  root: string,
): { known: Partial<LessonProgress> | undefined; seal: unknown } | undefined {
  const content = readStateFile(file, root);
  if (content === undefined) return undefined;
  const part = file.endsWith('.hints.json') ? 'hints' : 'verdict';
  return { known: content?.schema === 1 ? validated(part, content) : undefined, seal: content?.seal };
}

/** The names of the files with a part of a lesson's progress. */
function partsIn(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir).filter((name) => PART.test(name)) : [];
}

const PART = /^\d{2}-[a-z0-9-]+\.(verdict|hints)\.json$/;

/** Remembers a verdict on the learner's own files. */
export function rememberVerdict(lesson: Lesson, { verdict, steps }: LessonVerdict, root = ROOT): void {
  const words = Object.fromEntries(steps.map((step) => [step.id, step.verdict]));
  write(lesson.folder, 'verdict', { verdict, steps: words }, root);
}

/** Remembers how many hints of a step were shown. */
export function rememberHint(lesson: Lesson, step: string, shownHints: number, root = ROOT): void {
  const hints = readProgress(root).lessons[lesson.folder]?.hints;
  write(lesson.folder, 'hints', { hints: { ...hints, [step]: shownHints } }, root);
}

/** Forgets the verdict and the hints of a lesson. */
export function forget(lesson: Lesson, root = ROOT): void {
  const { hints, ...verdict } = NOTHING;
  write(lesson.folder, 'verdict', verdict, root);
  write(lesson.folder, 'hints', { hints }, root);
}

const fileOf = (folder: string, part: Part, root: string) =>
  join(root, '.workshop', 'progress', `${folder}.${part}.json`);

function write(folder: string, part: Part, content: Partial<LessonProgress>, root: string): void {
  const file = fileOf(folder, part, root);
  const { key } = readSeals(root) ?? makeSeals(unsealed(dirname(file), root), root);
  const seal = sealOf(key, basename(file), content);
  writeState(file, `${JSON.stringify({ schema: 1, ...content, seal }, null, 2)}\n`, root);
}

/** File name to content of the progress that was written before there were seals. */
function unsealed(dir: string, root: string): Map<string, Partial<LessonProgress>> {
  const contents = new Map<string, Partial<LessonProgress>>();
  for (const name of partsIn(dir)) {
    const known = readPart(join(dir, name), root)?.known;
    if (known) contents.set(name, known);
  }
  const old = readStateFile(oldFileOf(root), root);
  if (old) contents.set(basename(oldFileOf(root)), old);
  return contents;
}

/** One part of a lesson's progress; undefined when the content has another shape. */
function validated(part: Part, content: Record<string, unknown>): Partial<LessonProgress> | undefined {
  const { verdict, steps, hints } = content as unknown as LessonProgress;
  if (part === 'hints')
    return isRecord(hints) && Object.values(hints).every(Number.isInteger) ? { hints } : undefined;
  const isWhole = isRecord(steps) && [verdict, ...Object.values(steps)].every((word) => WORDS.includes(word));
  return isWhole ? { verdict, steps } : undefined;
}

const UNREADABLE = 'could not be read';
const NOT_OURS = 'was not written by a command of the workshop';

function moveAside(file: string, why: string, root: string, say: Say): void {
  const aside = join(stateDir(root), `unreadable-${Date.now()}-${basename(file)}`);
  try {
    moveSync(file, aside);
  } catch (error) {
    throw unwritable(file, root, error);
  }
  say(`Progress in ${shown(file, root)} ${why}. It was moved to ${shown(aside, root)}.`);
  say('Your answers in work/ are untouched: npm run check grades them again.');
}

/** The one file that clones older than work/ have. */
const oldFileOf = (root: string) => join(root, '.workshop', 'progress.json');

/** Splits that file. What was remembered since is newer, and stays. */
function splitOldFile(root: string, say: Say): void {
  const old = oldFileOf(root);
  const content = readStateFile(old, root);
  if (content === undefined) return;
  if (!isSealed(readSeals(root), basename(old), content, undefined)) {
    moveAside(old, NOT_OURS, root, say);
    return;
  }
  const lessons = isRecord(content?.lessons) ? content.lessons : undefined;
  let isWhole = lessons !== undefined;
  for (const [folder, lesson] of Object.entries(lessons ?? {})) {
    for (const part of ['verdict', 'hints'] as const) {
      const known = FOLDER.test(folder) && isRecord(lesson) ? validated(part, lesson) : undefined;
      if (!known) isWhole = false;
      else if (!existsSync(fileOf(folder, part, root))) write(folder, part, known, root);
    }
  }
  if (isWhole) removeSync(old);
  else moveAside(old, UNREADABLE, root, say);
}
