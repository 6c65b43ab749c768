import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solutionOf } from '../../course/answers.ts';
import { TinyWorkshop, tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { Judge } from '../../grader/grade.ts';
import { gradingProofs, Unproven } from './proofs.ts';

const STARTER = 'lessons/01-hello/app.ts';
const SOLUTION = 'solutions/01-hello/app.ts';
const CHECK = 'checks/01-hello.check.ts';
const ANSWERS = 'checks/answers/01-hello/answers.ts';

/** Where the judge keeps its copies, and the shop that they import. */
const grader = new TinyWorkshop();
let judge: Judge;
beforeAll(async () => {
  judge = await Judge.open(grader.root);
});
afterAll(async () => {
  await judge.close();
  grader.remove();
});

/** The result of one proof; undefined when it is proven, Unproven when this machine cannot run it. */
async function proven(tiny: TinyWorkshop, name: string): Promise<string | Unproven | undefined> {
  const proof = (await gradingProofs(tiny.root)).find((each) => each.name === `lesson 1: ${name}`);
  if (!proof) throw new Error(`there is no proof ${name}`);
  return proof.run(judge);
}

it('proves a workshop that is right, one proof for each answer', async () => {
  const proofs = await gradingProofs(tinyWorkshop().root);
  expect(proofs.map(({ name }) => name)).toEqual([
    "lesson 1: the starter fails in the check's own words",
    'lesson 1: the solution passes',
    'lesson 1: wrong: nothing is sent',
    'lesson 1: wrong: other words',
    'lesson 1: wrong: another name',
    'lesson 1: wrong: in capitals',
    'lesson 1: wrong: nothing comes before the name',
    'lesson 1: wrong: everybody is the world',
    'lesson 1: wrong: the name of another field',
    'lesson 1: wrong: Ada is greeted in small letters',
    'lesson 1: right: with end()',
    'lesson 1: right: a template in place of the function',
    'lesson 1: right: the name in a variable',
    'lesson 1: right: as text, with its type',
    'lesson 1: right: a named function',
  ]);
  for (const { run } of proofs) expect(await run(judge)).toBeUndefined();
});

it('asks for nothing that cannot be graded: structure tells what is missing', async () => {
  const tiny = tinyWorkshop();
  tiny.write('lessons/02-bye/app.ts', '');
  tiny.delete(ANSWERS);
  expect((await gradingProofs(tiny.root)).map(({ name }) => name)).toEqual([
    "lesson 1: the starter fails in the check's own words",
    'lesson 1: the solution passes',
  ]);
});

describe('the starter', () => {
  const FAILS = "the starter fails in the check's own words";

  it('must not pass', async () => {
    const tiny = tinyWorkshop();
    tiny.write(STARTER, tiny.read(SOLUTION));
    expect(await proven(tiny, FAILS)).toContain('nothing left to do');
  });

  it.each([
    ['while it loads', "throw new Error('no shop today');\n", 'no shop today'],
    ['by a syntax error', 'const = 1;\n', 'SyntaxError'],
    ['by ending itself', 'process.exit(4);\n', 'exit code 4'],
  ])('must not break down %s', async (_, line, words) => {
    const tiny = tinyWorkshop();
    tiny.write(STARTER, line + tiny.read(STARTER));
    const told = await proven(tiny, FAILS);
    expect(told).toContain('breaks down at step 1.1');
    expect(told).toContain(words);
  });

  it('must not break down on a request', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(STARTER, "res.send('');", "throw new Error('no page today');");
    expect(await proven(tiny, FAILS)).toMatch(/breaks down at step 1\.1.*no page today/);
  });

  it('is the shipped one, whatever the learner has made of it in work/', async () => {
    const tiny = tinyWorkshop();
    tiny.write('work/01-hello/app.ts', tiny.read(SOLUTION));
    expect(await proven(tiny, FAILS)).toBeUndefined();
    tiny.write('work/01-hello/app.ts', 'const = 1;');
    expect(await proven(tiny, FAILS)).toBeUndefined();
  });
});

describe('the solution', () => {
  it('must pass: the step and the words are told', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(SOLUTION, "?? 'world'", "?? 'moon'");
    const told = await proven(tiny, 'the solution passes');
    expect(told).toBe('it fails at 1.1: the text "Hello, moon!" / These are other words.');
  });

  it('is laid over the starter, not over the answer of the learner', async () => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/01-hello/words.ts', "export const world = 'world';\n");
    tiny.edit(SOLUTION, 'import { greeting }', "import { world } from './words.ts';\nimport { greeting }");
    tiny.edit(SOLUTION, "?? 'world'", '?? world');
    expect(await proven(tiny, 'the solution passes')).toBeUndefined();
  });
});

describe('a recorded answer', () => {
  it('is wrong, and passes', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(ANSWERS, `sends("res.send('Good day');")`, 'sends(SEND)');
    expect(await proven(tiny, 'wrong: other words')).toBe('it passes, and should fail at 1.1');
  });

  it('is wrong, and fails at another step', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(ANSWERS, "'1.2', 'was not looked at'", "'1.1', 'was not looked at'");
    expect(await proven(tiny, 'wrong: everybody is the world')).toMatch(
      /^it should fail at 1\.1, and fails at 1\.2: .*was not looked at/,
    );
  });

  it('is wrong, and the step says something else', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(ANSWERS, "'was not looked at'", "'another text'");
    expect(await proven(tiny, 'wrong: everybody is the world')).toMatch(
      /^1\.2 should say "another text", and says: .*was not looked at/,
    );
  });

  it('is right, and fails', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(ANSWERS, 'res.end(greeting', 'res.end(String');
    expect(await proven(tiny, 'right: with end()')).toMatch(/^it fails at 1\.1: the text "world"/);
  });

  it.each([
    [`sends("res.send('no');")`, 'it should not be graded, for the engine lacks the sky, and fails at 1.1'],
    ['{}', 'no step says that the engine lacks the sky'],
  ])('is right, and does not use what the embedded engine is said to lack (%s)', async (changes, told) => {
    const tiny = tinyWorkshop();
    tiny.edit(ANSWERS, 'import { right,', 'import { right, rightOnMongod,');
    const first = "  right('with end()'";
    tiny.edit(ANSWERS, first, `  rightOnMongod('lacks nothing', ${changes}, 'the sky'),\n${first}`);
    expect(await proven(tiny, 'right: lacks nothing')).toContain(told);
  });

  it.each(['right: with end()', 'wrong: other words'])(
    'is an edit that does not fit the solution any more (%s)',
    async (name) => {
      const tiny = tinyWorkshop();
      tiny.edit(SOLUTION, 'req.query.name', "req.query['name']");
      expect(await proven(tiny, name)).toMatch(/stands 0 times in the solution's app\.ts, not once/);
    },
  );
});

describe('a step that cannot be graded on this machine', () => {
  /** A workshop whose step 1.2 needs something that this machine lacks. */
  function withoutMachine(): TinyWorkshop {
    const tiny = tinyWorkshop();
    tiny.edit(CHECK, 'import { defineCheck, must }', 'import { defineCheck, must, StepSkipped }');
    tiny.edit(
      CHECK,
      "('Ada').visits('/?name=Ada');",
      "('Ada').visits('/');\n      throw new StepSkipped(LACKS);",
    );
    tiny.edit(
      CHECK,
      'export default',
      "const LACKS = 'not graded: no machine.\\nGet one.';\n\nexport default",
    );
    return tiny;
  }

  it.each(['the solution passes', 'right: with end()', 'wrong: everybody is the world'])(
    'leaves unproven: %s',
    async (name) => {
      const told = await proven(withoutMachine(), name);
      expect(told).toBeInstanceOf(Unproven);
      expect(told).toMatchObject({ reason: '1.2 is skipped: not graded: no machine.' });
    },
  );

  it('hides nothing that another step finds', async () => {
    const tiny = withoutMachine();
    expect(await proven(tiny, 'wrong: other words')).toBeUndefined();
    expect(await proven(tiny, "the starter fails in the check's own words")).toBeUndefined();
    tiny.edit(SOLUTION, "?? 'world'", "?? 'moon'");
    expect(await proven(tiny, 'the solution passes')).toMatch(/^it fails at 1\.1/);
  });

  it('is skipped in the verdict, with its reason; the lesson passes without it', async () => {
    const { lesson } = withoutMachine();
    const { verdict, steps } = await judge.grade(lesson, solutionOf(lesson));
    expect(verdict).toBe('pass');
    expect(steps[1]).toEqual({
      id: '1.2',
      name: 'the page greets by name',
      verdict: 'skipped',
      reason: 'not graded: no machine.\nGet one.',
    });
  });

  it('does not end a proof, though it comes first', async () => {
    const tiny = withoutMachine();
    tiny.edit(
      CHECK,
      "step('1.1'",
      "step('1.0', 'the machine', async () => {\n      throw new StepSkipped(LACKS);\n    });\n\n    step('1.1'",
    );
    expect(await proven(tiny, 'wrong: other words')).toBeUndefined();
  });
});
