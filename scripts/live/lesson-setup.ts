import type { Lesson } from '../course/lessons.ts';
import type { Opening } from '../grader/check/check.ts';
import { loadCheck } from '../grader/grade.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';

/** What is set up beyond the shop and its database, and the Mongo that it uses. */
export interface LessonSetup extends Opening {
  readonly mongo?: Mongo;
}

/**
 * Sets up what a lesson shows beyond the shop and its database. It has a Mongo of its own: the judge empties the judge's
 * at each save, which must contain nothing that a learner made by hand.
 * @throws EngineError when that Mongo cannot start
 */
export async function setUpLesson(lesson: Lesson): Promise<LessonSetup> {
  const check = await loadCheck(lesson);
  if (!check?.opens) return { close: async () => {} };
  const mongo = await startMongo();
  const opening = await check.opens(mongo.uri);
  return {
    ...opening,
    mongo,
    close: async () => {
      await opening.close();
      await mongo.stop();
    },
  };
}
