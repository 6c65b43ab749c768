import { findLessons } from '../../course/lessons.ts';
import { loadCheck } from '../../grader/grade.ts';
import type { KnownLesson } from './dashboard.ts';

/** The lessons of this workshop with the names of their steps. The dashboard shows these names, never text of a report. */
export function knownLessons(): Promise<KnownLesson[]> {
  return Promise.all(
    findLessons().map(async (lesson) => {
      const { steps = [] } = (await loadCheck(lesson)) ?? {};
      const names = Object.fromEntries(steps.map(({ id, name }) => [id, name]));
      return { number: lesson.number, title: lesson.title, steps: names };
    }),
  );
}
