import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { diffLines } from 'diff';
import { editedFiles, type Lesson } from '../../course/lessons.ts';
import { namesIn } from '../../setup/files.mjs';
import { ROOT, shown } from '../../shared/paths.ts';
import { textOf } from '../mutants/inputs.ts';
import type { Problem } from './problem.ts';

/** The file beside a lesson's answers with intended differences of its starter: each reason, and its added or removed lines. */
const BROUGHT = 'starter.json';

/** Lines that a starter adds to, or removes from, what the lesson before left. */
interface Hunk {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Where the added lines are in the starter; when lines are only removed, both are where they were. */
  readonly from: number;
  readonly to: number;
}

/**
 * Differences between a starter and what the lesson before left (its solution on top of its starter) that are
 * neither the lesson's own hole nor explained in starter.json. A hole is what the lesson's solution changes again.
 * @param lessons the lessons to examine
 * @param all the whole course
 */
export function starterProblems(lessons: readonly Lesson[], all: readonly Lesson[], root = ROOT): Problem[] {
  return lessons.flatMap((lesson) => {
    const before = all.find(({ number }) => number === lesson.number - 1);
    return before ? problemsOf(before, lesson, root) : [];
  });
}

function problemsOf(before: Lesson, lesson: Lesson, root: string): Problem[] {
  const file = join(lesson.answersFile, '..', BROUGHT);
  const where = shown(file, root);
  let explained: Set<string>;
  try {
    const reasons = JSON.parse(textOf(file) || '{}') as Record<string, readonly string[]>;
    explained = new Set(Object.values(reasons).flat());
  } catch (error) {
    const what = `It cannot be read: ${(error as Error).message}. It maps reasons to lines: { "reason": ["app.ts + line"] }`;
    return [{ where, what }];
  }
  const brought = new Set(broughtLines(before, lesson));
  const unexplained = [...brought].filter((line) => !explained.has(line));
  const gone = [...explained].filter((line) => !brought.has(line));
  return [
    ...unexplained.map((line) => ({
      where: `lessons/${lesson.folder}`,
      what: `Lesson ${before.number} left it otherwise: ${JSON.stringify(line)}. Mend the starter, or give the reason in ${where}.`,
    })),
    ...gone.map((line) => ({
      where,
      what: `It explains a difference that is not there: ${JSON.stringify(line)}.`,
    })),
  ];
}

/**
 * Each line that the starter adds or removes outside the hole: `app.ts + line` or `app.ts - line`. A line that
 * moves to another file of the starter is left out.
 */
function broughtLines(before: Lesson, lesson: Lesson): string[] {
  const edited = editedFiles(lesson);
  const starterFiles = codeIn(lesson.dir);
  const starterLines = (name: string) =>
    textOf(join(lesson.dir, name))
      .split('\n')
      .map((line) => line.trim());
  return starterFiles.flatMap((name) => {
    const left = [join(before.solutionDir, name), join(before.dir, name)].find((path) => existsSync(path));
    if (!left) return [];
    const starter = textOf(join(lesson.dir, name));
    const hunks = hunksOf(textOf(left), starter);
    const elsewhere = new Set(starterFiles.filter((other) => other !== name).flatMap(starterLines));
    const holes = edited.includes(name) ? hunksOf(textOf(join(lesson.solutionDir, name)), starter) : [];
    return hunks
      .filter((hunk) => !holes.some((hole) => touches(hunk, hole)))
      .flatMap(({ removed, added }) => [
        ...removed.map((line) => ({ sign: '-', line: line.trim() })),
        ...added.map((line) => ({ sign: '+', line: line.trim() })),
      ])
      .filter(({ sign, line }) => line !== '' && !(sign === '-' && elsewhere.has(line)))
      .map(({ sign, line }) => `${name} ${sign} ${line}`);
  });
}

/** Whether two hunks touch or overlap in the starter. */
function touches(one: Hunk, other: Hunk): boolean {
  return one.from <= other.to && other.from <= one.to;
}

function hunksOf(before: string, starter: string): Hunk[] {
  const hunks: Hunk[] = [];
  let line = 0;
  let removed: string[] = [];
  for (const part of diffLines(before, starter)) {
    const lines = part.value.replace(/\n$/, '').split('\n');
    if (part.removed) {
      removed = lines;
      continue;
    }
    const added = part.added ? lines : [];
    if (removed.length + added.length > 0) {
      hunks.push({ removed, added, from: line, to: line + added.length });
      removed = [];
    }
    line += lines.length;
  }
  if (removed.length > 0) hunks.push({ removed, added: [], from: line, to: line });
  return hunks;
}

function codeIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return namesIn(dir).filter((name) => /\.(?:ts|ejs)$/.test(name));
}
