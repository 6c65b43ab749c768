import { describe, expect, it, vi } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';
import { findLessons } from '../course/lessons.ts';

vi.setConfig({ testTimeout: 120_000 });

const RANGE = `Lessons are 1 to ${findLessons().length}.`;
const LESSON_1 = 'work/01-memory-store';
const STARTER_1 = 'lessons/01-memory-store';
const PROGRESS = '.workshop/progress/01-memory-store.verdict.json';

describe('a command used wrongly ends with 2 and one sentence, and prints nothing else', () => {
  it.each([
    ['check 99', `No lesson 99. ${RANGE}`],
    ['lesson x', `"x" is not the number of a lesson. ${RANGE}`],
    ['hint 3.5', `"3.5" is not the number of a lesson. ${RANGE}`],
    ['reset 0', `No lesson 0. ${RANGE}`],
    ['check 3 --answer nowhere', 'There is no answer folder nowhere'],
    ['check 3 --answer package.json', 'package.json'],
    ['check --answer lessons', '--answer needs the number of its one lesson'],
    ['check 1 2 --answer lessons', '--answer needs the number of its one lesson'],
    ['check --jsn', "Unknown option '--jsn'. This command knows --json, --solutions, --answer."],
    ['list --all', "Unknown option '--all'. This command takes no flags."],
    ['solution 1 2', 'npm run solution takes one lesson, and was given 1 2.'],
    ['chekc', 'There is no command "chekc".'],
  ])('%s', async (line, words) => {
    const { code, out, err } = await workshopCopy().run(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('check', () => {
  it('tells what a starter lacks, and remembers it', async () => {
    const shop = workshopCopy();
    const { code, out, err } = await shop.run('check 1');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^ {2}Lesson 1 {3}.+ {3}graded on (?:mongod|embedded) \d/);
    expect(out).toMatch(
      /✗ 1\.1 [\s\S]+sent [\s\S]+got [\s\S]+likely [\s\S]+look +work\/01-memory-store\/app\.ts:\d+/,
    );
    expect(out).toMatch(/\d of \d steps pass\. {3}npm run hint 1/);
    expect(JSON.parse(shop.read(PROGRESS))).toMatchObject({
      verdict: 'fail',
      steps: { '1.1': 'fail' },
    });
  });

  it('passes a solved lesson', async () => {
    const shop = workshopCopy();
    shop.solve('01-memory-store');
    const { code, out } = await shop.run('check 1');
    expect(code).toBe(0);
    expect(out).toContain('All 5 steps pass.');
  });

  it('tells the place of a syntax error', async () => {
    const shop = workshopCopy();
    shop.write(`${LESSON_1}/app.ts`, `const a = 1;\nconst = 2;\n`);
    const { code, out } = await shop.run('check 1');
    expect(code).toBe(1);
    expect(out).toMatch(/SyntaxError[\s\S]+look +work\/01-memory-store\/app\.ts:2\n/);
  });

  it('tells the place of an error that the answer throws', async () => {
    const shop = workshopCopy();
    shop.write(
      `${LESSON_1}/app.ts`,
      "export function createApp() {\n  throw new Error('no shop today');\n}\n",
    );
    const { code, out } = await shop.run('check 1');
    expect(code).toBe(1);
    expect(out).toMatch(/no shop today[\s\S]+look +work\/01-memory-store\/app\.ts:2\n/);
  });

  it('--solutions grades ours, and remembers nothing', async () => {
    const shop = workshopCopy();
    expect((await shop.run('check 3 --solutions')).code).toBe(0);
    expect(shop.has(PROGRESS)).toBe(false);
  });

  it('--answer grades the files in a folder, and remembers nothing', async () => {
    const shop = workshopCopy();
    const before = shop.read(`${STARTER_1}/app.ts`);
    expect((await shop.run('check 1 --answer solutions/01-memory-store')).code).toBe(0);
    expect(shop.read(`${STARTER_1}/app.ts`)).toBe(before);
    expect(shop.has('work')).toBe(false);
    expect(shop.has(PROGRESS)).toBe(false);
  });

  it('names a file that is gone, and reset puts it back', async () => {
    const shop = workshopCopy();
    await shop.run('hint 1');
    shop.delete(`${LESSON_1}/app.ts`);
    const { code, err } = await shop.run('check 1');
    expect(code).toBe(2);
    expect(err).toBe(`${LESSON_1}/app.ts is gone. npm run reset 1   puts the starter back.\n`);
    expect((await shop.run('reset 1')).code).toBe(0);
    expect((await shop.run('check 1')).code).toBe(1);
  });

  it('ends quietly when nobody reads what it prints', async () => {
    const { code, err } = await workshopCopy().runUnread('check 1');
    expect(err).toBe('');
    expect(code).toBe(1);
  });
});

describe('check --json prints one document and nothing else', () => {
  const step = { id: expect.stringMatching(/^\d+\.\d+$/), name: expect.any(String) };
  const lesson = (number: number, answer: string) => ({
    number,
    slug: answer.split('/')[1]?.slice(3),
    title: expect.any(String),
    answer,
    ms: expect.any(Number),
  });
  const engine = { kind: expect.stringMatching(/^(?:mongod|embedded)$/), version: expect.any(String) };

  it('of a lesson that fails', async () => {
    const { code, out, err } = await workshopCopy().run('check 1 --json');
    const { lessons, ...rest } = JSON.parse(out);
    expect({ code, err, rest }).toEqual({ code: 1, err: '', rest: { schema: 1, engine } });
    expect(lessons).toEqual([
      { ...lesson(1, LESSON_1), verdict: 'fail', steps: expect.arrayContaining([expect.anything()]) },
    ]);
    expect(lessons[0].steps[0]).toEqual({
      ...step,
      verdict: 'fail',
      sent: expect.any(String),
      got: expect.any(String),
      likely: expect.any(String),
      look: expect.stringMatching(/^work\/01-memory-store\/app\.ts:\d+$/),
      hint: 'npm run hint 1',
    });
  });

  it('of solutions that pass', async () => {
    const { code, out } = await workshopCopy().run('check 1 3 --solutions --json');
    const { lessons } = JSON.parse(out);
    expect(code).toBe(0);
    expect(lessons.map(({ number }: { number: number }) => number)).toEqual([1, 3]);
    expect(lessons[1]).toEqual({
      ...lesson(3, 'solutions/03-session-config'),
      verdict: 'pass',
      why: expect.stringMatching(/^[A-Z].*\.$/),
      steps: lessons[1].steps.map(() => ({ ...step, verdict: 'pass', proved: expect.any(String) })),
    });
  });

  it('npm run -s check 1 -- --json', async () => {
    const { code, out } = await workshopCopy().npm('run -s check 1 -- --json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, lessons: [{ number: 1, verdict: 'fail' }] });
  });

  it('npm run -s check 1 --json, and then npm adds what it has to say itself', async () => {
    const { code, out } = await workshopCopy().npm('run -s check 1 --json');
    expect(code).toBe(1);
    const [ours = '', npms] = out.split(/(?<=^\})\n(?=\{)/m);
    expect(JSON.parse(ours)).toMatchObject({ schema: 1, lessons: [{ number: 1, verdict: 'fail' }] });
    if (npms) expect(JSON.parse(npms)).toEqual({ error: expect.anything() });
  });

  it('npm run -s check 1 --answer DIR --json, with the flags where npm takes them', async () => {
    const { code, out } = await workshopCopy().npm(
      'run -s check 1 --answer solutions/01-memory-store --json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      lessons: [{ answer: 'solutions/01-memory-store', verdict: 'pass' }],
    });
  });
});

describe('the machine, not the answer, ends with 3', () => {
  it('an engine that nobody knows', async () => {
    const { code, out, err } = await workshopCopy().run('check 1', { WORKSHOP_MONGO: 'nonsense' });
    expect({ code, out, err }).toEqual({
      code: 3,
      out: '',
      err: "WORKSHOP_MONGO is 'nonsense'. It can be auto, mongod or embedded.\n",
    });
  });

  it.each(['check 1', 'lesson 1', 'hint 1', 'reset 1'])('.workshop is a file: %s', async (line) => {
    const shop = workshopCopy();
    shop.write('.workshop', 'a file of mine');
    const { code, err } = await shop.run(line);
    expect(code).toBe(3);
    expect(err).toMatch(/^\.workshop[\w/-]* cannot be written \(E\w+\)\..* move it away/);
    expect(err).not.toContain('The workshop itself failed');
    expect(shop.read('.workshop')).toBe('a file of mine');
  });

  it('packages that cannot be fetched', async () => {
    const shop = workshopCopy({ installed: false });
    const offline = { npm_config_offline: 'true', npm_config_cache: shop.path('empty-cache') };
    const { code, out, err } = await shop.run('check 1', offline);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^Installing the packages/);
    expect(err).toMatch(/npm could not install the packages[\s\S]+npm ping[\s\S]+run the same command again/);
  });
});

describe('the way of a learner', () => {
  it('hint, and hint again: up the ladder', async () => {
    const shop = workshopCopy();
    expect((await shop.run('hint 1')).out).toContain('Step 1.1, hint 1 of 3');
    expect((await shop.run('hint 1')).out).toContain('Step 1.1, hint 2 of 3');
  });

  it('solution shows the difference, and why', async () => {
    const { code, out } = await workshopCopy().run('solution 1');
    expect(code).toBe(0);
    expect(out).toMatch(/ {2}- .*TODO[\s\S]+ {2}\+ .*session\(/);
  });

  it('list tells where one is, from the verdicts of check', async () => {
    const shop = workshopCopy();
    expect((await shop.run('list')).out).toMatch(/› {2}1 .* not graded yet[\s\S]+npm run lesson 1/);
    shop.solve('01-memory-store');
    await shop.run('check 1');
    const { code, out } = await shop.run('list');
    expect(code).toBe(0);
    expect(out).toMatch(/✓ {2}1 .* 5 of 5 steps[\s\S]+› {2}2 .* not graded yet[\s\S]+npm run lesson 2/);
  });

  it('reset keeps what was written, and forgets its verdict', async () => {
    const shop = workshopCopy();
    const starter = shop.read(`${STARTER_1}/app.ts`);
    shop.solve('01-memory-store');
    await shop.run('check 1');
    const { code, out } = await shop.run('reset 1');
    expect(code).toBe(0);
    const [, attic] =
      /^Lesson 1 begins anew: work\/01-memory-store has the starter\.\nYour version is kept in (\S+)\n$/.exec(
        out,
      ) ?? [];
    expect(shop.read(`${attic}/app.ts`)).toBe(shop.read('solutions/01-memory-store/app.ts'));
    expect(shop.read(`${LESSON_1}/app.ts`)).toBe(starter);
    expect((await shop.run('list')).out).toMatch(/› {2}1 .* not graded yet/);
  });

  it('goes on when the progress cannot be read', async () => {
    const shop = workshopCopy();
    await shop.run('hint 1');
    shop.write(PROGRESS, '{ "schema": 1, "less');
    const { code, err } = await shop.run('check 1');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Progress in \S+ could not be read\. It was moved to \.workshop\/unreadable-\S+\.json/,
    );
  });
});
