import type { Lesson } from '../course/lessons.ts';
import type { Opening } from '../grader/check/check.ts';
import { loadCheck } from '../grader/grade.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';

/** What stands ready beyond the shop and its database, and the Mongo that it stands on. */
export interface Scenery extends Opening {
  readonly mongo?: Mongo;
}

/**
 * Sets up what a lesson shows beyond the shop and its database. It has a Mongo of its own: the judge empties its one
 * at each save, and must find nothing in it that a learner did by hand.
 * @throws EngineError when that Mongo cannot start
 */
export async function openScenery(lesson: Lesson): Promise<Scenery> {
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
