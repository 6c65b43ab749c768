import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../shared/paths.ts';
import { findLessons } from '../lessons.ts';
import type { LessonProgress } from '../progress.ts';
import { renderMap } from './render-map.ts';

const lessons = findLessons();
const PASSED: LessonProgress = { verdict: 'pass', steps: { a: 'pass', b: 'pass' }, hints: {} };
const [first, second, third] = lessons;
if (!first || !second || !third) throw new Error('the workshop has lost its lessons');

const map = (known: Record<string, LessonProgress>) =>
  stripVTControlCharacters(renderMap(lessons, { lessons: known }));
const all = Object.fromEntries(lessons.map(({ folder }) => [folder, PASSED]));

describe('the map', () => {
  it('begins at the first lesson, with all of the time to go', () => {
    const minutes = lessons.reduce((sum, lesson) => sum + (lesson.minutes ?? 0), 0);
    const text = map({});
    expect(text).toMatch(/› {2}1 {2}\S.* \d+ min {3}not graded yet\n {5}2 /);
    expect(text).toContain(
      `0 of ${lessons.length} lessons pass. About ${Math.floor(minutes / 60)} h ${minutes % 60} min to go.`,
    );
    expect(text).toContain('npm run lesson 1   goes on here');
    expect(text).not.toContain(first.proves);
  });

  it('shows what was proven, where one is, and how far another lesson has come', () => {
    const text = map({
      [first.folder]: PASSED,
      [second.folder]: { verdict: 'fail', steps: { a: 'pass', b: 'fail', c: 'fail' }, hints: {} },
      [third.folder]: { verdict: 'pass', steps: { a: 'pass', b: 'skipped' }, hints: {} },
    });
    expect(text).toMatch(
      new RegExp(`✓ {2}1 .* 2 of 2 steps\\n {8}${first.proves}\\n {2}› {2}2 .* 1 of 3 steps\\n`),
    );
    expect(text).toMatch(/- {2}3 .* 1 of 2, 1 not graded\n {8}in part: /);
    expect(text).not.toContain(third.proves);
    expect(text).not.toContain(second.proves);
    expect(text).toContain('npm run lesson 2   goes on here');
  });

  it('tells a full hour, and minutes alone', () => {
    const two = [first, second].map((lesson) => ({ ...lesson, minutes: 30 }));
    const left = (known: Record<string, LessonProgress>) => renderMap(two, { lessons: known });
    expect(left({})).toContain('About 1 h to go.');
    expect(left({ [first.folder]: PASSED })).toContain('About 30 min to go.');
  });

  it('sums up when all lessons pass, and says where to go from here', () => {
    const text = map(all);
    for (const { proves = '-' } of lessons) expect(text).toContain(proves);
    expect(text).toMatch(/All \d+ lessons pass[\s\S]+npm start[\s\S]+npm run lab/);
    expect(text).not.toContain('goes on here');
    const [reference = ''] = /lessons\/\S+\.md/.exec(text) ?? [];
    expect(existsSync(join(ROOT, reference)), reference).toBe(true);
  });

  it.each(['nothing', 'everything'])('fits 80 columns with %s graded', (what) => {
    for (const line of map(what === 'nothing' ? {} : all).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});
