import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, GraderFixture } from './fixtures/grader-fixture.ts';

let grader: GraderFixture;
beforeAll(async () => {
  grader = new GraderFixture();
  await grader.judge;
});
afterAll(() => grader.close());

/** The solution, whose route first asks MongoDB for something. */
const asking = (what: string, then = grader.right) =>
  `import { MongoClient } from 'mongodb';\n${then
    .replace(
      'const app = express();',
      (made) => `${made}\n  const client = new MongoClient(config.mongodbUri);`,
    )
    .replace('createApp()', 'createApp(config: { mongodbUri: string })')
    .replace('(req, res) => {', `async (req, res) => {\n    ${what}`)}`;
const FACET = "client.db().collection('things').aggregate([{ $facet: {} }]).toArray()";

describe('an answer that uses what the embedded engine lacks', () => {
  it('is not graded, and the words name it and the way out', async () => {
    const { verdict, steps } = await grader.gradeBare(asking(`await ${FACET};`));
    expect(verdict).toBe('error');
    expect(steps.map((step) => step.verdict)).toEqual(['error', 'error']);
    expect(steps[0]?.unsupported).toBe('the pipeline stage $facet');
    expect(steps[0]?.reason).toContain(
      'the answer uses the pipeline stage $facet, which the embedded engine',
    );
    expect(steps[0]?.likely).toBeUndefined();
  });

  it('is not graded when it keeps the error to itself and fails for another reason', async () => {
    const silent = grader.route("res.send('');");
    const { steps } = await grader.gradeBare(asking(`await ${FACET}.catch(() => {});`, silent));
    expect(steps.map((step) => step.verdict)).toEqual(['error', 'error']);
  });

  it('is not graded in a later step than that of the refusal, whose effect may be missing', async () => {
    const nameless = grader.route("res.send(greeting('world'));");
    const once = `if (!req.query.name) await ${FACET}.catch(() => {});`;
    const { steps } = await grader.gradeBare(asking(once, nameless));
    expect(steps.map((step) => step.verdict)).toEqual(['pass', 'error']);
  });

  it('passes when it passes in spite of it', async () => {
    const { verdict } = await grader.gradeBare(asking(`await ${FACET}.catch(() => {});`));
    expect(verdict).toBe('pass');
  });
});

it('blames an answer for an error that a mongod has, too, and for nothing that another answer did', async () => {
  const step = failure(await grader.gradeBare(asking('await client.db().command({ nonsense: 1 });')));
  expect(step.got).toContain('no such command');
});
