import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCheck } from '#grader/grade.ts';
import { findLessons } from '../../scripts/course/lessons.ts';
import { LABS } from '../../scripts/labs/labs.ts';
import { ROOT } from '../../scripts/shared/paths.ts';
import { rowsOf } from './tables.ts';

const page = readFileSync(join(ROOT, 'lessons', 'REFERENCE.md'), 'utf8');
const list = (cell: string) => cell.split(', ').filter(Boolean);
const rows = [...page.matchAll(/^### .+$/gm)].flatMap(([heading]) =>
  rowsOf(page, heading).map(([line = '', lessons = '', steps = '', labs = '']) => ({
    line,
    lessons: list(lessons),
    steps: list(steps),
    labs: list(labs),
  })),
);

const lessons = findLessons();
const steps = (await Promise.all(lessons.map(loadCheck))).flatMap((check) =>
  check?.steps.map(({ id }) => id),
);
const labs = LABS.map(({ name }) => name);

describe('the course notes, line by line', () => {
  it.each(rows)('$line', (row) => {
    expect(steps).toEqual(expect.arrayContaining(row.steps));
    expect(labs).toEqual(expect.arrayContaining(row.labs));
    expect(row.steps.length + row.labs.length).toBeGreaterThan(0);
    // Who goes to the lesson finds the step there.
    expect(row.lessons).toEqual(expect.arrayContaining(row.steps.map((id) => id.split('.')[0])));
    expect(lessons.map(({ number }) => String(number))).toEqual(expect.arrayContaining(row.lessons));
  });

  it('lead to every lesson and to every lab', () => {
    const numbers = new Set(rows.flatMap((row) => row.lessons.map(Number)));
    expect([...numbers].sort((a, b) => a - b)).toEqual(lessons.map(({ number }) => number));
    expect(new Set(rows.flatMap((row) => row.labs))).toEqual(new Set(labs));
  });

  it('name in their prose only steps that there are', () => {
    const named = [...page.matchAll(/\bstep (\d+\.\d+)/g)].map(([, id]) => id);
    expect(named.length).toBeGreaterThan(0);
    expect(steps).toEqual(expect.arrayContaining(named));
  });
});
