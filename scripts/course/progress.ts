import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { LessonVerdict, VerdictWord } from '../grader/verdict.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { ROOT, shown } from '../shared/paths.ts';
import { stateDir, unwritable } from '../shared/state-dir.ts';
import type { Lesson } from './lessons.ts';

/** What is remembered of one lesson. */
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
 * What is written at once, each to a file of its own: a verdict, or the hints that were shown. So two commands that write at
 * the same time cannot undo each other's work, and none has to wait for a lock.
 */
type Part = 'verdict' | 'hints';

const WORDS: readonly VerdictWord[] = ['pass', 'fail', 'error', 'skipped'];
const NOTHING: LessonProgress = { verdict: 'skipped', steps: {}, hints: {} };

/**
 * Reads the progress from `.workshop/progress/`. A file that cannot be understood is moved aside and said so: its lesson begins
 * anew, and the command goes on.
 * @throws EnvironmentError when something that is no file lies in the place of one
 */
export function readProgress(root = ROOT, say: (line: string) => void = console.error): Progress {
  splitOldFile(root);
  const dir = join(root, '.workshop', 'progress');
  const lessons: Progress['lessons'] = {};
  for (const name of existsSync(dir) ? readdirSync(dir) : []) {
    const [, folder = '', part] = /^(\d{2}-[a-z0-9-]+)\.(verdict|hints)\.json$/.exec(name) ?? [];
    if (!part) continue;
    const content = readPart(join(dir, name), part as Part, root, say);
    if (content) lessons[folder] = { ...(lessons[folder] ?? NOTHING), ...content };
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

/** Replaces a file in one move, so a killed process leaves the old one whole. */
function write(folder: string, part: Part, content: Partial<LessonProgress>, root: string): void {
  const dir = join(stateDir(root), 'progress');
  const file = join(dir, `${folder}.${part}.json`);
  try {
    mkdirSync(dir, { recursive: true });
    writeFileAtomic.sync(file, `${JSON.stringify({ schema: 1, ...content }, null, 2)}\n`);
  } catch (error) {
    throw unwritable(file, root, error);
  }
}

function readPart(
  file: string,
  part: Part,
  root: string,
  say: (line: string) => void,
): Partial<LessonProgress> | undefined {
  // A FIFO or a device would be waited for without end.
  if (!statSync(file).isFile()) {
    throw new EnvironmentError(
      `${shown(file, root)} is not a file. Move it away, and run the command again.`,
    );
  }
  const content = parsed(readFileSync(file, 'utf8')) as
    | (Partial<LessonProgress> & { schema?: number })
    | undefined;
  const { schema, verdict, steps, hints } = isRecord(content) ? content : {};
  if (schema === 1) {
    if (part === 'verdict' && WORDS.includes(verdict as VerdictWord) && isRecord(steps))
      return { verdict: verdict as VerdictWord, steps };
    if (part === 'hints' && isRecord(hints) && Object.values(hints).every(Number.isInteger)) return { hints };
  }
  moveAside(file, root, say);
  return undefined;
}

function moveAside(file: string, root: string, say: (line: string) => void): void {
  const aside = join(stateDir(root), `unreadable-${Date.now()}-${basename(file)}`);
  try {
    renameSync(file, aside);
  } catch (error) {
    throw unwritable(file, root, error);
  }
  say(`Progress in ${shown(file, root)} could not be read. It was moved to ${shown(aside, root)}.`);
  say('Your answers in work/ are untouched: npm run check grades them again.');
}

/** Before work/ there was one progress.json for all lessons. */
function splitOldFile(root: string): void {
  const old = join(root, '.workshop', 'progress.json');
  if (!existsSync(old) || !statSync(old).isFile()) return;
  const { lessons } = (parsed(readFileSync(old, 'utf8')) ?? {}) as { lessons?: Progress['lessons'] };
  for (const [folder, { verdict, steps, hints }] of Object.entries(isRecord(lessons) ? lessons : {})) {
    write(folder, 'verdict', { verdict, steps }, root);
    write(folder, 'hints', { hints }, root);
  }
  rmSync(old, { force: true });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
