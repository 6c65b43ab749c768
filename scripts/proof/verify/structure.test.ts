import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { structureProblems } from './structure.ts';

const README = 'lessons/01-hello/README.md';
const HINTS = 'lessons/01-hello/hints.md';
const CHECK = 'checks/01-hello.check.ts';
const ANSWERS = 'checks/answers/01-hello/answers.ts';

it('finds nothing to say about a complete workshop', async () => {
  expect(await structureProblems(tinyWorkshop().root)).toEqual([]);
});

describe('a missing file is told with its place and what it is for', () => {
  it.each([
    [README, 'H1 is the title'],
    ['lessons/01-hello/app.ts', 'exports createApp'],
    [HINTS, 'three hints'],
    ['solutions/01-hello/NOTES.md', 'why the solution is as it is'],
    [CHECK, 'the graded steps'],
    [ANSWERS, 'the recorded answers'],
  ])('%s', async (file, purpose) => {
    const tiny = tinyWorkshop();
    tiny.delete(file);
    const problems = await structureProblems(tiny.root);
    expect(problems).toEqual([{ where: file, what: expect.stringContaining('Missing: ') }]);
    expect(problems[0]?.what).toContain(purpose);
  });

  it('the files of the solution', async () => {
    const tiny = tinyWorkshop();
    tiny.delete('solutions/01-hello/app.ts');
    expect(await structureProblems(tiny.root)).toEqual([
      { where: 'solutions/01-hello', what: expect.stringContaining('No solution') },
    ]);
  });

  it('a whole lesson folder, known by its solution and its answers', async () => {
    const tiny = tinyWorkshop();
    tiny.delete('lessons/01-hello');
    const places = (await structureProblems(tiny.root)).map(({ where }) => where);
    expect(places).toEqual([README, 'lessons/01-hello/app.ts', HINTS]);
  });

  it('everything of a lesson that is only a folder so far', async () => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/02-bye/.gitkeep', '');
    const places = (await structureProblems(tiny.root)).map(({ where }) => where);
    expect(places).toEqual([
      'lessons/02-bye/README.md',
      'lessons/02-bye/app.ts',
      'solutions/02-bye/NOTES.md',
      'solutions/02-bye',
      'checks/02-bye.check.ts',
      'checks/answers/02-bye/answers.ts',
    ]);
  });

  it('all the rest of a lesson of which there is only a check', async () => {
    const tiny = tinyWorkshop();
    tiny.write('checks/02-bye.check.ts', tiny.read(CHECK));
    const places = (await structureProblems(tiny.root)).map(({ where }) => where);
    expect(places).toContain('lessons/02-bye/README.md');
  });
});

describe('the README', () => {
  const LEAST = '# Say hello\n\n_About 5 minutes. To prove: it greets._\n\n## Why\n\nIt matters.\n';

  it('needs a title', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(README, '# Say hello', 'Say hello');
    expect(await structureProblems(tiny.root)).toEqual([
      { where: README, what: expect.stringContaining('No H1') },
    ]);
  });

  it('needs to say how long it takes', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(README, '_About 5 minutes.', '_About a while.');
    expect(await structureProblems(tiny.root)).toEqual([
      { where: README, what: expect.stringContaining('No time: under the H1') },
    ]);
  });

  it('needs to say in a line what it proves', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(README, 'To prove: ', `To prove: ${'very '.repeat(10)}`);
    expect(await structureProblems(tiny.root)).toEqual([
      { where: README, what: expect.stringMatching(/takes 9\d columns\. npm run list has 72/) },
    ]);
  });

  it('needs to say why it matters', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(README, '## Why', '## More');
    expect(await structureProblems(tiny.root)).toEqual([
      { where: README, what: expect.stringContaining('No why: a section `## Why …`') },
    ]);
  });

  it.each([
    ['too short', 29],
    ['too long', 111],
  ])('is told to be %s at %i lines', async (_, lines) => {
    const tiny = tinyWorkshop();
    tiny.write(README, `${LEAST}${'text\n'.repeat(lines - 7)}`);
    expect(await structureProblems(tiny.root)).toEqual([
      { where: README, what: expect.stringMatching(new RegExp(`^${lines} lines\\..* 30 to 110`)) },
    ]);
  });

  it.each([30, 110])('is right at %i lines', async (lines) => {
    const tiny = tinyWorkshop();
    tiny.write(README, `${LEAST}${'text\n'.repeat(lines - 7)}`);
    expect(await structureProblems(tiny.root)).toEqual([]);
  });
});

describe('hints', () => {
  it('are missing for a step', async () => {
    const tiny = tinyWorkshop();
    tiny.write(HINTS, tiny.read(HINTS).split('## 1.2')[0] ?? '');
    expect(await structureProblems(tiny.root)).toEqual([
      { where: HINTS, what: expect.stringContaining('Step 1.2 has 0 hints') },
    ]);
  });

  it('are too few for a step', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(HINTS, "3. `res.send(greeting('world'))`\n", '');
    expect(await structureProblems(tiny.root)).toEqual([
      { where: HINTS, what: expect.stringContaining('Step 1.1 has 2 hints. It needs a numbered list of 3') },
    ]);
  });

  it('are there for a step that nobody grades', async () => {
    const tiny = tinyWorkshop();
    tiny.write(HINTS, `${tiny.read(HINTS)}\n## 1.9 more\n\n1. a\n2. b\n3. c\n`);
    expect(await structureProblems(tiny.root)).toEqual([
      { where: HINTS, what: expect.stringContaining('step 1.9, which the check does not have') },
    ]);
  });
});

describe('recorded answers', () => {
  it('are too few', async () => {
    const tiny = tinyWorkshop();
    tiny.write(ANSWERS, "export default [{ name: 'same', changes: {}, fails: { step: '1.1', says: '' } }];");
    expect(await structureProblems(tiny.root)).toEqual([
      { where: ANSWERS, what: expect.stringMatching(/^1 wrong and 0 right answers\. At least 8 .* 5 /) },
    ]);
  });

  it('are not exported', async () => {
    const tiny = tinyWorkshop();
    tiny.write(ANSWERS, 'export const answers = [];');
    expect(await structureProblems(tiny.root)).toEqual([
      { where: ANSWERS, what: expect.stringContaining('export') },
    ]);
  });
});

describe('numbers', () => {
  it('have no gap: only the first one is told', async () => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/03-later/app.ts', '');
    tiny.write('lessons/05-last/app.ts', '');
    const gaps = (await structureProblems(tiny.root)).filter(({ what }) => what.includes('numbered'));
    expect(gaps).toEqual([
      { where: 'lessons/03-later', what: expect.stringContaining('no lesson before 3') },
    ]);
  });

  it('are not given twice', async () => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/01-hi/app.ts', '');
    const [first] = await structureProblems(tiny.root);
    expect(first?.where).toBe('lessons/01-hi');
    expect(first?.what).not.toContain('no lesson before 1');
  });

  it('name the steps in order', async () => {
    const tiny = tinyWorkshop();
    tiny.edit(CHECK, "step('1.2'", "step('1.3'");
    const problems = await structureProblems(tiny.root);
    expect(problems).toContainEqual({ where: CHECK, what: 'Step 1.3 stands where 1.2 should.' });
  });

  it('of the steps start with that of the lesson', async () => {
    const tiny = tinyWorkshop();
    for (const part of ['lessons', 'solutions', 'checks/answers']) {
      renameSync(tiny.path(`${part}/01-hello`), tiny.path(`${part}/02-hello`));
    }
    renameSync(tiny.path(CHECK), tiny.path('checks/02-hello.check.ts'));
    const words = (await structureProblems(tiny.root)).map(({ what }) => what);
    expect(words).toContain('Step 1.1 stands where 2.1 should.');
    expect(words[0]).toContain('no lesson before 2');
  });
});

it('tells of a check that exports nothing, and goes on', async () => {
  const tiny = tinyWorkshop();
  tiny.write(CHECK, 'export const check = {};');
  tiny.delete('solutions/01-hello/NOTES.md');
  const problems = await structureProblems(tiny.root);
  expect(problems.map(({ where }) => where)).toEqual(['solutions/01-hello/NOTES.md', CHECK]);
});
