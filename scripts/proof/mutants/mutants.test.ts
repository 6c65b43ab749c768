import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type TinyWorkshop, tinyWorkshop } from '../../course/fixtures/test-support.ts';
import type { LessonVerdict, StepVerdict } from '../../grader/verdict.ts';
import { type Findings, problemsIn } from './findings.ts';
import { gradeMutants } from './grade-mutants.ts';
import { type Mutant, mutantsOf } from './mutant.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { OutcomeCache } from './outcome-cache.ts';
import { readReasons } from './reasons.ts';
import { markedOlder, outOfDate, renewed } from './report.ts';

const SOLUTION = 'solutions/01-hello/app.ts';
const STARTER = 'lessons/01-hello/app.ts';
const CHECK = 'checks/01-hello.check.ts';
const KILLED: Outcome = { kind: 'killed', by: '1.2' };
const SURVIVED: Outcome = { kind: 'survived' };

const mutant = (name: string): Mutant => ({
  file: 'app.ts',
  line: 7,
  operator: 'StringLiteral',
  name,
  text: name,
});

function findings(graded: Record<string, Outcome>, reasons = {}, tiny = tinyWorkshop()): Findings {
  const entries = Object.entries(graded);
  return {
    lesson: tiny.lesson,
    graded: entries.map(([name, outcome]) => ({ mutant: mutant(name), outcome })),
    reasons,
  };
}

describe('the mutants of a lesson', () => {
  it('are in the lines that differ from the starter, and each text is there once', async () => {
    const mutants = await mutantsOf(tinyWorkshop().lesson);
    const names = mutants.map(({ name }) => name);
    expect(names.some((name) => name.includes("?? 'world'"))).toBe(true);
    expect(names.some((name) => name.includes('return app;') && !name.includes('{'))).toBe(false);
    expect(new Set(mutants.map(({ text }) => text)).size).toBe(mutants.length);
  });

  it('cannot be told when the lesson is solved: the way out is said', async () => {
    const tiny = tinyWorkshop();
    tiny.write(STARTER, tiny.read(SOLUTION));
    await expect(mutantsOf(tiny.lesson)).rejects.toThrow('npm run reset 1');
  });
});

it('are graded once: what became of each is kept', async () => {
  const tiny = tinyWorkshop();
  const said: string[] = [];
  const grade = () =>
    gradeMutants([tiny.lesson], new OutcomeCache(tiny.root), ({ name }) => said.push(name), tiny.root);

  const [first] = await grade();
  const outcomes = new Map(first?.graded.map(({ mutant, outcome }) => [mutant.name, outcome]));
  const survivors = [...outcomes].filter(([, { kind }]) => kind === 'survived');
  expect(said).toHaveLength(outcomes.size);
  // Express serves the front page for both.
  expect(survivors.map(([name]) => name)).toEqual([
    expect.stringMatching(/app\.get\('\/',.*→ app\.get\("",/),
  ]);
  expect([...outcomes.values()]).toContainEqual({ kind: 'killed', by: '1.1' });

  const [second] = await grade();
  expect(said).toHaveLength(outcomes.size);
  expect(new Map(second?.graded.map(({ mutant, outcome }) => [mutant.name, outcome]))).toEqual(outcomes);
});

describe('what a verdict means for a mutant', () => {
  const of = (...steps: Partial<StepVerdict>[]) => outcomeOf({ steps } as LessonVerdict);
  const pass = { verdict: 'pass' } as const;

  it.each([
    ['a failed step', { id: '1.2', verdict: 'fail' }, { kind: 'killed', by: '1.2' }],
    ['an error', { verdict: 'fail', crashed: true, got: '500' }, { kind: 'killed', by: 'breakdown' }],
    [
      'no answer',
      { verdict: 'fail', crashed: true, got: 'no answer within 8 s' },
      { kind: 'killed', by: 'silence' },
    ],
    ['our own error', { id: '1.2', verdict: 'error', reason: 'x' }, { kind: 'unknown', why: '1.2 broke: x' }],
    [
      'a skipped step',
      { id: '1.2', verdict: 'skipped', reason: 'x' },
      { kind: 'unknown', why: '1.2 is skipped: x' },
    ],
    ['nothing but passes', pass, SURVIVED],
  ] as const)('%s', (_, step, outcome) => {
    expect(of(pass, step)).toEqual(outcome);
  });
});

describe('what stands in the way of the report', () => {
  it('is nothing, when all are killed or explained', () => {
    expect(problemsIn(findings({ a: KILLED, b: SURVIVED }, { why: ['b'] }))).toEqual([]);
  });

  it('is a survivor without a reason', () => {
    expect(problemsIn(findings({ b: SURVIVED }))).toEqual([
      'survives, and has no reason (line 7, StringLiteral): b',
    ]);
  });

  it.each([{}, { b: KILLED }])('is a reason whose mutant does not survive (%o)', (graded) => {
    expect(problemsIn(findings(graded, { why: ['b'] }))).toEqual([
      expect.stringMatching(/does not survive.*: b$/),
    ]);
  });

  it('is a mutant that could not be graded', () => {
    expect(problemsIn(findings({ b: { kind: 'unknown', why: 'no Redis' } }))).toEqual([
      'not graded (no Redis): b',
    ]);
  });
});

it('reasons that cannot be read are told with their place', () => {
  const tiny = tinyWorkshop();
  expect(readReasons(tiny.lesson)).toEqual({});
  tiny.write('checks/answers/01-hello/survivors.json', '{ "why": ["a"], }');
  expect(() => readReasons(tiny.lesson)).toThrow(/01-hello\/survivors\.json cannot be read/);
});

describe('the cache', () => {
  const remembered = (tiny: TinyWorkshop) => new OutcomeCache(tiny.root).get(tiny.lesson, mutant('a'));
  const workshop = () => {
    const tiny = tinyWorkshop();
    new OutcomeCache(tiny.root).keep(tiny.lesson, mutant('a'), KILLED);
    return tiny;
  };

  it('knows what was graded, and nothing else', () => {
    const tiny = workshop();
    expect(remembered(tiny)).toEqual(KILLED);
    expect(new OutcomeCache(tiny.root).get(tiny.lesson, mutant('b'))).toBeUndefined();
  });

  it('outlives a line of which only half was written', () => {
    const tiny = workshop();
    appendFileSync(tiny.path('.workshop/mutants.jsonl'), '["3f');
    expect(remembered(tiny)).toEqual(KILLED);
  });

  it.each([CHECK, SOLUTION, 'lessons/shop/greeting.ts'])('forgets when %s changes', (file) => {
    const tiny = workshop();
    tiny.write(file, `${tiny.read(file)}\n// changed`);
    expect(remembered(tiny)).toBeUndefined();
  });
});

describe('the report', () => {
  it('counts by what killed, and lists survivors under their reasons', () => {
    const report = renewed('', [
      findings({ a: KILLED, b: { kind: 'killed', by: 'silence' }, c: SURVIVED }, { 'It is free.': ['c'] }),
    ]);
    expect(report).toContain('| 1 | 3 | 2 | 1 | 0 | 1 | 1 |');
    expect(report).toContain(
      '## 1 Say hello\n\nKilled by step: 1.2: 1.\n\nIt is free.\n\n```text\nline 7, c\n```\n',
    );
  });

  it('keeps the parts of the lessons that were not graded anew, in order', () => {
    const tiny = tinyWorkshop();
    const of = (number: number): Findings => {
      const all = findings({ a: KILLED }, {}, tiny);
      return { ...all, lesson: { ...all.lesson, number, title: `Lesson ${number}` } };
    };
    const both = renewed(renewed('', [of(10)]), [of(2)]);
    expect(both.match(/^## .*/gm)).toEqual(['## 2 Lesson 2', '## 10 Lesson 10']);
    expect(renewed(both, [of(2)])).toBe(both);
    expect(renewed(both, [of(10)])).toBe(both);
  });

  it('is out of date when the solution, the check or a reason has changed since', () => {
    const tiny = tinyWorkshop();
    const report = renewed('', [findings({ a: KILLED }, {}, tiny)]);
    expect(outOfDate(report, [tiny.lesson])).toEqual([]);
    for (const file of [SOLUTION, CHECK]) {
      const text = tiny.read(file);
      tiny.write(file, `${text}// changed\n`);
      expect(outOfDate(report, [tiny.lesson])).toHaveLength(1);
      tiny.write(file, `import { moved } from './moved.ts';\n${text}`);
      expect(outOfDate(report, [tiny.lesson])).toEqual([]);
      tiny.write(file, text);
    }
    tiny.write('checks/answers/01-hello/survivors.json', '{}\n');
    expect(outOfDate(report, [tiny.lesson])).toHaveLength(1);
  });

  it('says in its row that a lesson is out of date, until it is made anew', () => {
    const tiny = tinyWorkshop();
    const found = findings({ a: KILLED }, {}, tiny);
    const report = renewed('', [found]);
    expect(markedOlder(report, [tiny.lesson])).toBe(report);
    tiny.write(CHECK, `${tiny.read(CHECK)}// changed\n`);
    const marked = markedOlder(report, [tiny.lesson]);
    expect(marked).toMatch(/^\| 1 \|.*[0-9a-f]{8}, older \|$/m);
    expect(markedOlder(marked, [tiny.lesson])).toBe(marked);
    expect(renewed(marked, [found])).not.toContain('older |');
  });
});
