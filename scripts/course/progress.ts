import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LessonVerdict, VerdictWord } from '../grader/verdict.ts';
import { moveSync, removeSync } from '../setup/files.mjs';
import { ROOT, shown } from '../shared/paths.ts';
import { stateDir, unwritable, writeState } from '../shared/state-dir.ts';
import { inTheWay, isRecord, readStateFile } from '../shared/state-file.ts';
import { FOLDER, type Lesson } from './lessons.ts';

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
 * Reads the progress from `.workshop/progress/`. A file that cannot be read is moved aside, with a message: its lesson begins
 * anew, and the command goes on.
 * @throws EnvironmentError when a folder is in a file's place, or a file in the folder's
 */
export function readProgress(root = ROOT, say: Say = console.error): Progress {
  splitOldFile(root, say);
  const dir = join(root, '.workshop', 'progress');
  const isThere = existsSync(dir);
  if (isThere && !statSync(dir).isDirectory()) throw inTheWay(dir, root, 'folder');
  const lessons: Progress['lessons'] = {};
  for (const name of isThere ? readdirSync(dir) : []) {
    const [, folder = '', part] = /^(\d{2}-[a-z0-9-]+)\.(verdict|hints)\.json$/.exec(name) ?? [];
    if (!part) continue;
    const file = join(dir, name);
    const content = readStateFile(file, root);
    if (content === undefined) continue;
    const known = content?.schema === 1 ? validated(part as Part, content) : undefined;
    if (known) lessons[folder] = { ...(lessons[folder] ?? NOTHING), ...known };
    else moveAside(file, root, say);
  }
  return { lessons };
}

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
  writeState(fileOf(folder, part, root), `${JSON.stringify({ schema: 1, ...content }, null, 2)}\n`, root);
}

/** One part of a lesson's progress; undefined when the content has another shape. */
function validated(part: Part, content: Record<string, unknown>): Partial<LessonProgress> | undefined {
  const { verdict, steps, hints } = content as unknown as LessonProgress;
  if (part === 'hints')
    return isRecord(hints) && Object.values(hints).every(Number.isInteger) ? { hints } : undefined;
  const isWhole = isRecord(steps) && [verdict, ...Object.values(steps)].every((word) => WORDS.includes(word));
  return isWhole ? { verdict, steps } : undefined;
}

function moveAside(file: string, root: string, say: Say): void {
  const aside = join(stateDir(root), `unreadable-${Date.now()}-${basename(file)}`);
  try {
    moveSync(file, aside);
  } catch (error) {
    throw unwritable(file, root, error);
  }
  say(`Progress in ${shown(file, root)} could not be read. It was moved to ${shown(aside, root)}.`);
  say('Your answers in work/ are untouched: npm run check grades them again.');
}

/** Splits the progress.json that clones older than work/ have. What was remembered since is newer, and stays. */
function splitOldFile(root: string, say: Say): void {
  const old = join(root, '.workshop', 'progress.json');
  const content = readStateFile(old, root);
  if (content === undefined) return;
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
  else moveAside(old, root, say);
}
