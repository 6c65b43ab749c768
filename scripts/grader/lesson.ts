import { existsSync } from 'node:fs';
import { namesIn } from '../setup/files.mjs';

/** A lesson, read from its folders. There is no manifest: adding a lesson is adding folders. */
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
  /** What passing it proves, in half a sentence from the same line. */
  readonly proves: string | undefined;
  /** Why that matters: the first sentence of the section that begins with Why. */
  readonly why: string | undefined;
  /** The starter and the text, as they are shipped. */
  readonly dir: string;
  /** The learner's own files. */
  readonly workDir: string;
  readonly solutionDir: string;
  readonly checkFile: string;
  readonly answersFile: string;
}

/** The files a learner edits: the code that the solution has. */
export function editedFiles(lesson: Lesson): string[] {
  if (!existsSync(lesson.solutionDir)) return [];
  return namesIn(lesson.solutionDir).filter((name) => /\.(?:ts|ejs)$/.test(name));
}
