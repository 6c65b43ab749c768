import { stripVTControlCharacters } from 'node:util';
import chalk from 'chalk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeEngine, renderVerdict } from './report.ts';
import { type LessonVerdict, type StepVerdict, verdictOf } from './verdict.ts';

const PASS: StepVerdict = { id: '1.1', name: 'the cookie comes', verdict: 'pass', proved: 'It is signed.' };
const FAIL: StepVerdict = {
  id: '1.2',
  name: 'the cart survives',
  verdict: 'fail',
  sent: 'GET /cart\nno Cookie',
  got: '200, an empty cart',
  mongo: 'shop.sessions is empty',
  likely: 'No store.',
  look: 'lessons/01-hello/app.ts:31',
};
const FAIL_TOO: StepVerdict = { ...FAIL, id: '1.3', name: 'nothing is written', likely: 'Something else.' };
const ERROR: StepVerdict = { id: '1.1', name: 'the cookie comes', verdict: 'error', reason: 'no disk space' };
const SKIPPED: StepVerdict = { id: '1.4', name: 'the last', verdict: 'skipped', reason: 'took too long' };

const rendered = (steps: StepVerdict[], columns?: number, rows?: number) =>
  stripVTControlCharacters(coloured(steps, columns, rows));

function coloured(steps: StepVerdict[], columns?: number, rows?: number): string {
  return renderVerdict(lessonWith(steps), 'mongod 8.2.6', { columns, rows });
}

function lessonWith(steps: StepVerdict[]): LessonVerdict {
  return {
    number: 1,
    slug: 'hello',
    title: 'Say hello',
    answer: 'lessons/01-hello',
    verdict: verdictOf(steps),
    ms: 12,
    steps,
  };
}

const { level } = chalk;
beforeEach(() => {
  chalk.level = 1;
});
afterEach(() => {
  chalk.level = level;
});

describe('a verdict in the terminal', () => {
  it('names the lesson, and the engine at the right edge', () => {
    const [head = ''] = rendered([PASS], 90).split('\n');
    expect(head).toMatch(/^ {2}Lesson 1 {3}Say hello {3,}graded on mongod 8\.2\.6$/);
    expect(head).toHaveLength(90);
    expect(rendered([PASS], 20).split('\n')[0]).toBe('  Lesson 1   Say hello   graded on mongod 8.2.6');
  });

  it('shows the first failure in full, the others with their cause in a line', () => {
    expect(rendered([PASS, FAIL, FAIL_TOO, SKIPPED])).toContain(`
  ✓ 1.1  the cookie comes
  ✗ 1.2  the cart survives

         sent     GET /cart
                  no Cookie
         got      200, an empty cart
         Mongo    shop.sessions is empty
         likely   No store.
         look     lessons/01-hello/app.ts:31

  ✗ 1.3  nothing is written
         Something else.
  - 1.4  the last
         took too long

  1 of 4 steps pass.   npm run hint 1   for a nudge
`);
  });

  it('says which step another one waits for, when both have the same cause or the step says so', () => {
    expect(rendered([FAIL, { ...FAIL, id: '1.3' }])).toContain(
      '✗ 1.3  the cart survives\n         waits for 1.2\n',
    );
    const waiting = { ...FAIL_TOO, waitsFor: '1.2' };
    expect(rendered([FAIL, waiting])).toContain('✗ 1.3  nothing is written\n         waits for 1.2\n');
    const long = { ...FAIL_TOO, likely: 'It is config.store. And it goes on.' };
    expect(rendered([FAIL, long])).toContain('\n         It is config.store.\n');
  });

  it('tells the way out when the engine lacks something that the answer uses', () => {
    const reason = 'Not graded on this engine: the answer uses $facet, which the embedded engine lacks.';
    const told = rendered([{ ...ERROR, reason, unsupported: '$facet' }]);
    expect(told).toContain('reason   Not graded on this engine: the answer uses $facet');
    expect(told).toMatch(/way out\s+npm run mongod/);
    expect(told).not.toContain('report it');
  });

  it('tells why steps were not graded, each reason in full once, and that a lesson may pass without them', () => {
    const reason = 'There is no Redis here. To get one:\nmacOS   brew install redis';
    const skipped: StepVerdict = { ...SKIPPED, reason };
    const told = rendered([PASS, skipped, { ...skipped, id: '1.5' }]);
    expect(told).toContain(`
  - 1.4  the last
         There is no Redis here. To get one:
         macOS   brew install redis
  - 1.5  the last
         not graded, for the same reason as 1.4

  1 of 3 steps pass, 2 could not be graded here.
`);
    expect(told).toContain('npm run solution 1');
  });

  it('says why it matters, where the lesson says so', () => {
    const passed = { ...lessonWith([PASS]), why: 'Carts are what a shop lives on.' };
    const told = stripVTControlCharacters(renderVerdict(passed, 'mongod 8.2.6'));
    expect(told).toContain(
      '\n\n         Why it matters: Carts are what a shop lives on.\n\n  The step passes',
    );
    expect(rendered([PASS])).not.toContain('Why');
  });

  it('says nothing of Mongo where the step does not', () => {
    const { mongo, ...withoutMongo } = FAIL;
    expect(rendered([withoutMongo])).not.toContain('Mongo');
    expect(rendered([FAIL])).not.toContain('Redis');
    expect(rendered([{ ...FAIL, redis: 'is empty' }])).toMatch(/Redis\s+is empty/);
  });

  it('tells what each step proved once all pass, and not before', () => {
    const passed = rendered([PASS]);
    expect(passed).toContain('It is signed.');
    expect(passed).toMatch(/The step passes\.\s+npm run solution 1 /);
    expect(rendered([PASS, { ...PASS, id: '1.2' }])).toContain('All 2 steps pass.');
    expect(rendered([PASS, FAIL])).not.toContain('It is signed.');
  });

  it('blames nobody for an error of the machine', () => {
    const error = rendered([ERROR, FAIL]);
    expect(error).toContain('! 1.1');
    expect(error).toContain('reason   no disk space');
    expect(error).toMatch(/not your answer/);
    expect(error).toContain('This is not the fault of your answer.');
    expect(error).not.toMatch(/npm run hint|likely/);
  });

  it('wraps long words of advice under their label', () => {
    const likely = 'one two three four five six seven eight nine ten eleven twelve';
    const text = rendered([{ ...FAIL, likely }], 50);
    expect(text).toContain(`
         likely   one two three four five six
                  seven eight nine ten eleven
                  twelve
`);
  });
});

describe('a verdict on a projector', () => {
  it('keeps to the step that failed, the others by number, so that it fits into few rows', () => {
    expect(rendered([PASS, FAIL, FAIL_TOO, SKIPPED], 80, 16)).toBe(`\
  Lesson 1 on mongod 8.2.6   ✓1.1 ✗1.2 ✗1.3 -1.4
  ✗ 1.2  the cart survives
  sent     GET /cart
           no Cookie
  got      200, an empty cart
  Mongo    shop.sessions is empty
  likely   No store.
  look     lessons/01-hello/app.ts:31
  1 of 4 steps pass.   npm run hint 1   for a nudge`);
  });

  it('says all of it where there is room, and what was proved in any case', () => {
    expect(rendered([PASS, FAIL], 80, 24)).toBe(rendered([PASS, FAIL], 80));
    expect(rendered([PASS], 80, 16)).toBe(rendered([PASS], 80));
  });

  it('has words in the terminal’s own colour, bold where they matter: what is dim or pale is lost', () => {
    const dimOrPale = /\[(?:2|3[1-7]|9\d)m(?![✓✗])/;
    for (const steps of [[PASS], [PASS, FAIL], [ERROR], [SKIPPED], [PASS, SKIPPED]])
      expect(coloured(steps)).not.toMatch(dimOrPale);
    expect(coloured([FAIL])).toMatch(/\[1m/);
  });
});

describe('the worst of several verdicts', () => {
  it.each([
    ['pass', [PASS, PASS]],
    ['fail', [PASS, FAIL, SKIPPED]],
    ['error', [FAIL, ERROR]],
    ['pass', [PASS, SKIPPED]],
    ['skipped', [SKIPPED]],
    ['skipped', []],
  ])('is %s', (word, steps) => {
    expect(verdictOf(steps)).toBe(word);
  });
});

it('names an engine by kind and version', () => {
  expect(describeEngine({ kind: 'embedded', version: '7.0.14' })).toBe('embedded 7.0.14');
});
