import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ScratchFolder } from '../grader/scratch.ts';
import { moveSync, removeSync } from '../setup/files.mjs';
import { EnvironmentError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';
import { findLessons, type Lesson } from './lessons.ts';
import { isStarterFile, starterFiles } from './starter.ts';
import { recordCopied } from './work.ts';

/** Git's files while a merge or a rebase is not finished. */
const UNDER_WAY = { MERGE_HEAD: 'merge', 'rebase-merge': 'rebase', 'rebase-apply': 'rebase' };

/**
 * Moves the answers of a clone that is older than work/: learners edited the starters in lessons/, and the workshop kept copies
 * of these in `.workshop/pristine/`. Does that once, puts the shipped starters back, and says so. Without git the shipped
 * starters are not known: then lessons/ stays, and work/ begins with the answers that are in it.
 * @param say gets the sentences, when there was something to move
 * @throws EnvironmentError while a merge or a rebase is under way: HEAD is not yet what lessons/ becomes
 */
export function moveOldAnswers(root = ROOT, say: (line: string) => void = console.error): void {
  const kept = join(root, '.workshop', 'pristine');
  // The repository around a ZIP download may be another project's, without lessons/ in it.
  if (!existsSync(kept) || git(root, 'cat-file', '-e', 'HEAD:./lessons') === undefined) return;
  refuseUnderWay(root);
  const stashed = new Set(
    git(root, 'diff', '--name-only', '--relative', '-z', 'stash@{0}^1', 'stash@{0}')?.split('\0'),
  );
  const moved = findLessons(root).filter((lesson) => moveAnswer(lesson, stashed, root));
  removeSync(kept);
  if (moved.length === 0) return;
  const numbers = moved.map(({ number }) => number).join(', ');
  say(
    `Your answers of lesson ${numbers} are in work/ from now on: edit them there. lessons/ is as it was shipped again,`,
  );
  say('so an update cannot get in their way. Nothing else changes.');
}

function refuseUnderWay(root: string): void {
  for (const [name, what] of Object.entries(UNDER_WAY)) {
    const path = git(root, 'rev-parse', '--git-path', name)?.trim();
    if (path === undefined || !existsSync(resolve(root, path))) continue;
    throw new EnvironmentError(
      `A git ${what} is under way, and your answers move from lessons/ to work/ after it. ` +
        `Finish it, or undo it with git ${what} --abort, and run the command again. git status   tells what is left to do.`,
    );
  }
}

/** A starter file: the learner's version, and the shipped one; undefined when there is none. */
interface Versions {
  readonly file: string;
  readonly answer: string | undefined;
  readonly shipped: string | undefined;
}

/** @returns whether there was an answer to move */
function moveAnswer(lesson: Lesson, stashed: ReadonlySet<string>, root: string): boolean {
  const files = versionsOf(lesson, stashed, root);
  const answered = files.filter(({ answer, shipped }) => answer !== undefined && !same(answer, shipped));
  // A move that was cut short has made the folder already.
  const isNew = answered.length > 0 && !existsSync(lesson.workDir);
  if (isNew) publish(lesson, files, root);
  for (const { file, answer, shipped } of files) {
    const inWork = textOf(join(lesson.workDir, file));
    // An answer that is only here stays.
    if (answer !== undefined && !same(answer, shipped) && !same(answer, inWork)) continue;
    putBack(join(lesson.dir, file), shipped, inWork !== undefined);
  }
  if (!isNew) return false;
  // Without the record, the files that the learner did not change would never be updated.
  recordCopied(lesson, starterFiles(lesson), root);
  // Also ends a conflict that `git pull --autostash` left.
  git(root, 'reset', '--quiet', '--', `lessons/${lesson.folder}`);
  return true;
}

/** Every starter file that is there, or that is shipped. */
function versionsOf(lesson: Lesson, stashed: ReadonlySet<string>, root: string): Versions[] {
  const dir = `lessons/${lesson.folder}/`;
  const tracked = git(root, 'ls-tree', '-r', '-z', '--name-only', 'HEAD', dir)?.split('\0') ?? [];
  const shippedFiles = tracked
    .filter((path) => path.startsWith(dir))
    .map((path) => path.slice(dir.length))
    .filter(isStarterFile);
  return [...new Set([...starterFiles(lesson), ...shippedFiles])].map((file) => {
    const shipped = shippedFiles.includes(file) ? git(root, 'show', `HEAD:./${dir}${file}`) : undefined;
    const there = textOf(join(lesson.dir, file));
    // `git pull --autostash` leaves conflict marks where it cannot merge; a stash that was not popped leaves the shipped file.
    const isInStash = stashed.has(dir + file) && (same(there, shipped) || /^<{7} /m.test(there ?? ''));
    const answer = isInStash ? git(root, 'show', `stash@{0}:./${dir}${file}`) : undefined;
    return { file, answer: answer ?? there, shipped };
  });
}

/** Makes the lesson's folder in work/, in one move when it is whole. */
function publish(lesson: Lesson, files: readonly Versions[], root: string): void {
  const drafts = new ScratchFolder(root);
  try {
    const draft = join(drafts.path, lesson.folder);
    for (const { file, answer } of files) {
      if (answer === undefined) continue;
      mkdirSync(dirname(join(draft, file)), { recursive: true });
      writeFileSync(join(draft, file), answer);
    }
    mkdirSync(dirname(lesson.workDir), { recursive: true });
    moveSync(draft, lesson.workDir);
  } finally {
    drafts.remove();
  }
}

/** Makes a file in lessons/ the shipped one. A file that the learner added is removed once it is in work/. */
function putBack(path: string, shipped: string | undefined, isInWork: boolean): void {
  if (shipped !== undefined && !same(textOf(path), shipped)) writeFileSync(path, shipped);
  if (shipped === undefined && isInWork) removeSync(path);
}

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** What git prints; undefined when there is no git, or it fails. */
function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

const same = (a: string | undefined, b: string | undefined) =>
  a?.replaceAll('\r\n', '\n') === b?.replaceAll('\r\n', '\n');
