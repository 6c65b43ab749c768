import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { findLessons } from '../../course/lessons.ts';
import { starterProblems } from './starters.ts';

const STARTER = 'lessons/02-more/app.ts';
const SOLUTION = 'solutions/02-more/greeting.ts';
const REASONS = 'checks/answers/02-more/starter.json';

/** A workshop of two lessons: the second one begins with what the first one left, and its hole is in greeting.ts. */
function twoLessons() {
  const tiny = tinyWorkshop();
  for (const part of ['lessons', 'solutions', 'checks/answers']) {
    cpSync(tiny.path(`${part}/01-hello`), tiny.path(`${part}/02-more`), { recursive: true });
  }
  tiny.write('lessons/02-more/app.ts', tiny.read('solutions/01-hello/app.ts'));
  const greeting = (words: string) =>
    `export const greet = () => {\n${words}};\n\nexport const bye = 'bye';\n`;
  for (const home of ['lessons/01-hello', 'solutions/01-hello'])
    tiny.write(join(home, 'greeting.ts'), greeting("  return 'hello';\n"));
  tiny.write('lessons/02-more/greeting.ts', greeting('  // TODO: greet\n'));
  tiny.write(SOLUTION, greeting("  return 'good morning';\n"));
  tiny.delete('solutions/02-more/app.ts');
  const problems = () => {
    const all = findLessons(tiny.root);
    return starterProblems(all, all, tiny.root);
  };
  return { tiny, problems };
}

it('a starter may differ from what the lesson before left where its solution changes it again', () => {
  expect(twoLessons().problems()).toEqual([]);
});

it('a line that was changed in a file which the lesson does not edit is named', () => {
  const { tiny, problems } = twoLessons();
  tiny.write(STARTER, `${tiny.read(STARTER)}export const more = 1;\n`);
  expect(problems()).toEqual([
    {
      where: 'lessons/02-more',
      what: expect.stringMatching(/^Lesson 1 left it otherwise: "app\.ts \+ export const more = 1;"/),
    },
  ]);
});

it('so is one in a file that it edits, away from the hole', () => {
  const { tiny, problems } = twoLessons();
  const drifted = (file: string) =>
    tiny.edit(file, "export const bye = 'bye';", "export const bye = 'ciao';");
  drifted('lessons/02-more/greeting.ts');
  drifted(SOLUTION);
  expect(problems().map(({ what }) => what)).toEqual([
    expect.stringContaining(`greeting.ts - export const bye = 'bye';`),
    expect.stringContaining(`greeting.ts + export const bye = 'ciao';`),
  ]);
});

it('a reason explains it, and one for nothing is named', () => {
  const { tiny, problems } = twoLessons();
  tiny.write(STARTER, `${tiny.read(STARTER)}export const more = 1;\n`);
  tiny.write(REASONS, JSON.stringify({ why: ['app.ts + export const more = 1;'] }));
  expect(problems()).toEqual([]);
  tiny.write(REASONS, JSON.stringify({ why: ['app.ts + export const more = 1;', 'app.ts - gone'] }));
  expect(problems()).toEqual([
    { where: REASONS, what: 'It explains a difference that is not there: "app.ts - gone".' },
  ]);
  tiny.write(REASONS, '{');
  expect(problems()[0]?.what).toMatch(/^It cannot be read: /);
});

it('a line that moved to another file of the starter needs no reason', () => {
  const { tiny, problems } = twoLessons();
  const lines = tiny.read(STARTER).split('\n');
  const moved = lines.find((line) => line.includes('import')) ?? '';
  tiny.write(STARTER, lines.filter((line) => line !== moved).join('\n'));
  expect(problems()).toHaveLength(1);
  tiny.write('lessons/02-more/other.ts', `${moved}\n`);
  expect(problems()).toEqual([]);
});

it('holds for the lessons of this workshop', () => {
  const all = findLessons();
  expect(starterProblems(all, all)).toEqual([]);
});
