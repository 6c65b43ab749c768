import { UsageError } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';
import type { Lesson } from './lessons.ts';
import { moveOldAnswers } from './old-layout.ts';
import { describeMissing, openWork } from './work.ts';

/**
 * Makes the learner's files of these lessons in work/, or brings them up to date. Each command that reads them does this first.
 * @throws UsageError when the learner has deleted an app.ts
 */
export function prepareWork(lessons: readonly Lesson[]): void {
  moveOldAnswers();
  for (const lesson of lessons) {
    if (openWork(lesson))
      console.error(`${shown(lesson.workDir)} was gone, and is made anew from the starter.`);
  }
  const [gone] = lessons.flatMap((lesson) => describeMissing(lesson) ?? []);
  if (gone) throw new UsageError(gone);
}
