import { UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';
import { findLessons, type Lesson, lessonNumbered } from './lessons.ts';
import { readProgress } from './progress.ts';

/**
 * The lesson a command is about: the one that was named, or the first unfinished one, or the last when all pass.
 * @throws UsageError when more than one lesson, or none that there is, was named
 */
export function whichLesson(positionals: readonly string[], command: string): Lesson {
  const lessons = findLessons();
  const [given, ...more] = positionals;
  if (more.length)
    throw new UsageError(`npm run ${command} takes one lesson, and was given ${positionals.join(' ')}.`);
  if (given !== undefined) return lessonNumbered(given, lessons);
  return firstUnfinished(lessons) ?? (lessons.at(-1) as Lesson);
}

/** The first lesson that has not passed yet; undefined when all have. */
export function firstUnfinished(lessons: readonly Lesson[], root = ROOT): Lesson | undefined {
  const progress = readProgress(root);
  return lessons.find((lesson) => progress.lessons[lesson.folder]?.verdict !== 'pass');
}

/**
 * The lesson to open after one: the next that has not passed, or else the first before it that has not.
 * @returns undefined when all others have passed
 */
export function nextLesson(lessons: readonly Lesson[], after: Lesson, root = ROOT): Lesson | undefined {
  const progress = readProgress(root);
  const left = lessons.filter(
    (lesson) => lesson.number !== after.number && progress.lessons[lesson.folder]?.verdict !== 'pass',
  );
  return left.find((lesson) => lesson.number > after.number) ?? left[0];
}
