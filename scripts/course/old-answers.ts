import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../shared/paths.ts';
import { findLessons, type Lesson } from './lessons.ts';
import { starterFiles } from './work.ts';

/**
 * Moves the answers of a clone from before work/ there: learners edited the starters in lessons/, and the workshop kept copies
 * of these in `.workshop/pristine/`. Does that once, puts the shipped starters back, and says so.
 * @param say gets the sentences, when there was something to move
 */
export function moveOldAnswers(root = ROOT, say: (line: string) => void = console.error): void {
  const kept = join(root, '.workshop', 'pristine');
  if (!existsSync(kept)) return;
  const moved = findLessons(root).filter((lesson) => moveAnswer(lesson, root));
  rmSync(kept, { recursive: true, force: true });
  if (moved.length === 0) return;
  const numbers = moved.map(({ number }) => number).join(', ');
  say(
    `Your answers of lesson ${numbers} are in work/ from now on: edit them there. lessons/ is as it was shipped again,`,
  );
  say('so an update cannot get in their way. Nothing else changes.');
}

/** @returns whether there was an answer to move */
function moveAnswer(lesson: Lesson, root: string): boolean {
  if (existsSync(lesson.workDir)) return false;
  // Without git, an update replaces the whole folder, and no answer is left in it.
  if (git(root, 'rev-parse', '--verify', 'HEAD') === undefined) return false;
  const files = starterFiles(lesson).map((file) => {
    const path = `lessons/${lesson.folder}/${file}`;
    return { file, answer: answerIn(root, path), shipped: git(root, 'show', `HEAD:./${path}`) };
  });
  if (files.every(({ answer, shipped }) => same(answer, shipped))) return false;
  for (const { file, answer, shipped } of files) {
    const [inLessons, inWork] = [join(lesson.dir, file), join(lesson.workDir, file)];
    mkdirSync(dirname(inWork), { recursive: true });
    writeFileSync(inWork, answer);
    if (shipped === undefined) rmSync(inLessons);
    else if (!same(answer, shipped)) writeFileSync(inLessons, shipped);
  }
  // Also ends a conflict that `git pull --autostash` left.
  git(root, 'reset', '--quiet', '--', `lessons/${lesson.folder}`);
  return true;
}

/** The learner's version: the file, or when an update left conflict marks in it, what git has stashed of it. */
function answerIn(root: string, path: string): string {
  const text = readFileSync(join(root, path), 'utf8');
  if (!/^<{7} /m.test(text)) return text;
  return git(root, 'show', `stash@{0}:./${path}`) ?? text;
}

/** What git prints; undefined when there is no git, or it fails. */
function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

const same = (a: string, b = '') => a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');
