import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/** A lesson, as its folders tell it. There is no manifest: adding a lesson is adding folders. */
export interface Lesson {
  readonly number: number;
  /** 'session-config' */
  readonly slug: string;
  /** 'NN-slug', the name of its folder in lessons/, solutions/ and checks/answers/. */
  readonly folder: string;
  /** The README's H1; the slug while there is none. */
  readonly title: string;
  /** How long it takes, as the line under the H1 says; undefined while there is none. */
  readonly minutes: number | undefined;
  /** What whoever passes it has shown, in half a sentence from the same line. */
  readonly proves: string | undefined;
  /** Why that matters: the first sentence of the section that begins with Why. */
  readonly why: string | undefined;
  readonly dir: string;
  readonly solutionDir: string;
  readonly checkFile: string;
  readonly answersFile: string;
}

const FOLDER = /^(\d{2})-([a-z0-9-]+)$/;

/**
 * The workshop's lessons, in order. A lesson is known by any of its parts, so a deleted lesson folder can still
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

/** Where the learner's files are when the lesson's folder, or its app.ts, is gone. */
export function missingFile(lesson: Lesson): string | undefined {
  if (!existsSync(lesson.dir)) return `lessons/${lesson.folder}/`;
  if (!existsSync(join(lesson.dir, 'app.ts'))) return `lessons/${lesson.folder}/app.ts`;
  return undefined;
}

/** What to tell whoever asks for a lesson whose file is gone; undefined when nothing is. */
export function missingInWords(lesson: Lesson): string | undefined {
  const gone = missingFile(lesson);
  return gone && `${gone} is gone. npm run reset ${lesson.number}   puts the starter back.`;
}

/** The files a learner edits: those that the solution has. */
export function editedFiles(lesson: Lesson): string[] {
  if (!existsSync(lesson.solutionDir)) return [];
  return readdirSync(lesson.solutionDir).filter((name) => name !== 'NOTES.md');
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
