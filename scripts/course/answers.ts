import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { AnswerSource } from '../grader/graded-copy.ts';
import { UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';
import type { Lesson } from './lessons.ts';

/** The learner's own files. */
export function learnersAnswer(lesson: Lesson): AnswerSource {
  return { layers: [lesson.workDir], shownAs: lesson.workDir };
}

/** The starter as it is shipped. Messages name the learner's files, which it becomes. */
export function starterOf(lesson: Lesson): AnswerSource {
  return { layers: [lesson.dir], shownAs: lesson.workDir };
}

/** Our solution on top of the starter, for the files that only the starter has. */
export function solutionOf(lesson: Lesson): AnswerSource {
  return { layers: [lesson.dir, lesson.solutionDir], shownAs: lesson.solutionDir };
}

/**
 * The files in a folder, wherever it is, on top of the starter.
 * @param typedIn the folder that a relative path starts from
 * @throws UsageError when there is no such folder
 */
export function answerIn(dir: string, lesson: Lesson, root = ROOT, typedIn = process.cwd()): AnswerSource {
  const from = resolve(typedIn, dir);
  const stats = statSync(from, { throwIfNoEntry: false });
  if (!dir || !stats) throw new UsageError(`There is no answer folder ${dir} (looked at ${from}).`);
  if (!stats.isDirectory()) throw new UsageError(`${dir} is a file. --answer takes the folder it is in.`);
  const way = relative(from, root);
  // Absolute: on Windows no relative path leads from one drive to another.
  if (!way.startsWith('..') && !isAbsolute(way)) {
    throw new UsageError(
      `${dir} is not an answer: the whole workshop lies in it. Name the folder with the files.`,
    );
  }
  return { layers: [lesson.dir, from], shownAs: from };
}
