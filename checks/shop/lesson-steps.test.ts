import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StepFailure } from '#grader/check/check.ts';
import { loadCheck } from '#grader/grade.ts';
import { findLessons } from '../../scripts/course/lessons.ts';
import { openStage, type ShopTheatre } from './open-stage.ts';

/** Lessons whose behaviours the finished shop has. 1 is about memory; 2 and 4 to 6 are about files that it has not. */
const LESSONS = [3, 7, 8, 9, 10, 11];

/** Steps of these lessons that cannot be played on it, and why. */
const NOT_HERE: Readonly<Record<string, string>> = {
  '3.3':
    'takes the first look after an add for one that changes nothing; here it takes a message: cost.test.ts',
  '10.6':
    'takes the first index that is asked for for the one of sessions; users have one here: outage.test.ts',
  '10.2': "reads the footer of the lesson's shop, which shows how a request came; deployment.test.ts instead",
};

const lessons = findLessons().filter(({ number }) => LESSONS.includes(number));
const played = await Promise.all(
  lessons.map(async (lesson) => ({ lesson, steps: (await loadCheck(lesson))?.steps ?? [] })),
);

it('leaves out no step but those that are there, and says why', () => {
  const ids = played.flatMap(({ steps }) => steps.map(({ id }) => id));
  expect(ids).toEqual(expect.arrayContaining(Object.keys(NOT_HERE)));
});

describe.each(played)('lesson $lesson.number on the finished shop', ({ lesson, steps }) => {
  let theatre: ShopTheatre;
  beforeAll(async () => {
    theatre = await openStage();
    // A step of this lesson is about how long a shop waits that was told nothing.
    if (lesson.number === 10) Object.assign(theatre.stage.config, { databaseTimeoutMs: undefined });
  });
  afterAll(() => theatre.close());

  for (const { id, name, play } of steps.filter((step) => !NOT_HERE[step.id])) {
    it(`${id} ${name}`, async () => {
      theatre.stage.mongo.tap.forget();
      expect(await play(theatre.stage).catch(inWords)).toEqual(expect.any(String));
    });
  }
});

/** A step that failed, as an object: what it says is then in the test's report. */
function inWords(error: unknown) {
  if (!(error instanceof StepFailure)) throw error;
  const { after, ...doubt } = error.doubt;
  return { sent: after?.sent, got: after?.got, ...doubt };
}
