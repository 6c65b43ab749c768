import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StepFailure } from '#grader/check/check.ts';
import { loadCheck } from '#grader/grade.ts';
import { findLessons } from '../../scripts/course/lessons.ts';
import { openStage, type ShopTheatre } from './open-stage.ts';

/** Lessons whose behaviours the finished shop has. 1 is about memory; 2 and 4 to 6 are about files that it lacks. */
const LESSONS = [3, 7, 8, 9, 10, 11];

/** Steps of these lessons that cannot be played on the finished shop, and why. */
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

describe.each(played)('lesson $lesson.number on the finished shop', ({ steps }) => {
  let theatre: ShopTheatre;
  beforeAll(async () => {
    theatre = await openStage();
  });
  afterAll(() => theatre.close());

  for (const { id, name, play } of steps.filter((step) => !NOT_HERE[step.id])) {
    it(`${id} ${name}`, async () => {
      theatre.stage.mongo.tap.forget();
      expect(await play(theatre.stage).catch(errorText)).toEqual(expect.any(String));
    });
  }
});

/** A failed step as an object, so that the test's report shows its message. */
function errorText(error: unknown) {
  if (!(error instanceof StepFailure)) throw error;
  const { after, ...details } = error.details;
  return { sent: after?.sent, got: after?.got, ...details };
}
