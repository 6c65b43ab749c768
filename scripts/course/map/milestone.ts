import chalk from 'chalk';
import type { LessonVerdict } from '../../grader/verdict.ts';
import { ROOT } from '../../shared/paths.ts';
import { findLessons, type Lesson } from '../lessons.ts';
import { rememberVerdict } from '../progress.ts';
import { firstUnfinished } from '../which-lesson.ts';

/**
 * Remembers a verdict on the learner's own files.
 * @returns what to say when this was the last lesson that had not passed
 */
export function recordVerdict(lesson: Lesson, verdict: LessonVerdict, root = ROOT): string | undefined {
  const lessons = findLessons(root);
  const missing = firstUnfinished(lessons, root);
  rememberVerdict(lesson, verdict, root);
  if (!missing || firstUnfinished(lessons, root)) return undefined;
  return `  With this one all ${lessons.length} lessons pass.   ${chalk.cyan('npm run list')}   shows what you have proven\n`;
}
