import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editedFiles, type Lesson } from '../grader/lesson.ts';
import { UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

export { editedFiles, type Lesson };

/** The name of a lesson's folder. */
export const FOLDER = /^(\d{2})-([a-z0-9-]+)$/;

/**
 * The workshop's lessons, in order. A lesson is found by any of its folders, so a deleted lesson folder can still
 * be named, missed and put back.
 */
export function findLessons(root = ROOT): Lesson[] {
  const folders = new Set([
    ...folderNames(join(root, 'lessons')),
    ...folderNames(join(root, 'solutions')),
    ...folderNames(join(root, 'checks', 'answers')),
    ...checkNames(join(root, 'checks')),
  ]);
  return [...folders].sort().map((folder) => {
    const [, number = '', slug = ''] = FOLDER.exec(folder) ?? [];
    const dir = join(root, 'lessons', folder);
    return {
      number: Number(number),
      slug,
      folder,
      ...readAbout(join(dir, 'README.md'), slug),
      dir,
      workDir: join(root, 'work', folder),
      solutionDir: join(root, 'solutions', folder),
      checkFile: join(root, 'checks', `${folder}.check.ts`),
      answersFile: join(root, 'checks', 'answers', folder, 'answers.ts'),
    };
  });
}

/**
 * The lesson that a learner named by its number.
 * @throws UsageError that says what was given and which lessons there are
 */
export function lessonNumbered(given: string, lessons: readonly Lesson[]): Lesson {
  const number = /^\d+$/.test(given) ? Number(given) : undefined;
  const lesson = lessons.find((each) => each.number === number);
  if (lesson) return lesson;
  const range = `Lessons are ${lessons.at(0)?.number} to ${lessons.at(-1)?.number}.`;
  throw new UsageError(
    number === undefined
      ? `"${given}" is not the number of a lesson. ${range}`
      : `No lesson ${given}. ${range}`,
  );
}

function folderNames(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && FOLDER.test(entry.name))
    .map((entry) => entry.name);
}

function checkNames(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith('.check.ts'))
    .map((name) => name.slice(0, -'.check.ts'.length))
    .filter((name) => FOLDER.test(name));
}

/** What a lesson's README says of it: the H1, and under it `_About 20 minutes. To prove: …._` */
function readAbout(readme: string, slug: string): Pick<Lesson, 'title' | 'minutes' | 'proves' | 'why'> {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8').replaceAll('\r\n', '\n') : '';
  const [, minutes, proves] = /^_About (\d+) minutes\. To prove: (.+)\._\s*$/m.exec(text) ?? [];
  return {
    title: /^#\s+(.+?)\s*$/m.exec(text)?.[1] ?? slug,
    minutes: minutes === undefined ? undefined : Number(minutes),
    proves,
    why: /^## Why.*\n\n([A-Z][\s\S]*?[.?])\s/m.exec(text)?.[1]?.replaceAll('\n', ' ').replaceAll('`', ''),
  };
}
