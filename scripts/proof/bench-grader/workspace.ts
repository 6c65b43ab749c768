import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { editedFiles, findLessons, type Lesson } from '../../course/lessons.ts';
import { openWork } from '../../course/work.ts';
import { copySync, linkOrCopySync, removeSync } from '../../setup/files.mjs';
import { ROOT } from '../../shared/paths.ts';

/** Not copied: packages, state, history, and the database in the developer's .env. */
const NOT_COPIED = new Set(['node_modules', '.workshop', '.git', '.env']);

/** A learner's clone of the workshop, in a folder of its own, with one lesson solved. */
export class Workspace {
  readonly dir: string;
  readonly lesson: Lesson;

  constructor(lessonNumber: number) {
    // A space and an umlaut, because many people's home folders have them.
    this.dir = mkdtempSync(join(realpathSync(tmpdir()), 'Zoë’s workshop '));
    copyWorkshop(this.dir);
    linkOrCopySync(join(ROOT, 'node_modules'), join(this.dir, 'node_modules'));
    const lesson = findLessons(this.dir).find((each) => each.number === lessonNumber);
    if (!lesson) throw new Error(`There is no lesson ${lessonNumber} to test.`);
    this.lesson = lesson;
    openWork(lesson, this.dir);
    for (const file of editedFiles(lesson))
      copyFileSync(join(lesson.solutionDir, file), join(lesson.workDir, file));
  }

  /** The lesson's app.ts, as text. */
  get app(): string {
    return readFileSync(join(this.lesson.workDir, 'app.ts'), 'utf8');
  }

  /** Saves as an editor does. */
  saveApp(text: string): void {
    writeFileSync(join(this.lesson.workDir, 'app.ts'), text);
  }

  /** The names of the copies that grading has made and not removed. */
  get gradedCopies(): string[] {
    const graded = join(this.dir, '.workshop', 'graded');
    return existsSync(graded) ? readdirSync(graded) : [];
  }

  remove(): void {
    // Removes the link to node_modules, not its target.
    removeSync(this.dir);
  }
}

/** The files of the workshop as they are in this clone, without state and secrets. */
export function copyWorkshop(to: string): void {
  const files = filesInGit();
  if (!files) {
    copySync(ROOT, to, (path) => dirname(path) !== ROOT || !NOT_COPIED.has(path.slice(ROOT.length + 1)));
    return;
  }
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(to, file));
  }
}

/** The files that are in git, or that `git add` would add; undefined in a ZIP download. */
function filesInGit(): string[] | undefined {
  if (!existsSync(join(ROOT, '.git'))) return undefined;
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  // A deleted file is listed until the deletion is committed.
  return [...new Set(names)].filter((name) => name !== '' && existsSync(join(ROOT, name)));
}
