import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isLeftBehind } from '../setup/files.mjs';
import { EnvironmentError } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';
import type { Lesson } from './lessons.ts';

/** The files of a starter that are copied to work/: all but the text, and an editor's files. */
export function starterFiles(lesson: Lesson): string[] {
  return filesIn(lesson.dir).filter(isStarterFile);
}

/** Whether a file of lessons/NN-slug, by its path there, is copied to work/. */
export function isStarterFile(file: string): boolean {
  return !/\.md$|[~#]$|(?:^|\/)\./.test(file);
}

/**
 * The files of a starter, app.ts among them: without it, an update or a reset would remove the one in work/.
 * @throws EnvironmentError when it is gone
 */
export function wholeStarter(lesson: Lesson, root: string): string[] {
  const files = starterFiles(lesson);
  if (files.includes('app.ts')) return files;
  const dir = shown(lesson.dir, root);
  throw new EnvironmentError(
    `${dir}/app.ts is gone, which work/ is made from. In a git clone, git checkout -- ${dir} brings it back; ` +
      `without git, download the workshop again and copy ${dir} from it. ${shown(lesson.workDir, root)} is untouched.`,
  );
}

/** The files of a folder, at any depth, by their path in it, without what a file manager or npm leaves. */
export function filesIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .filter((file) => !isLeftBehind(file))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.split('/').includes('node_modules'));
}
