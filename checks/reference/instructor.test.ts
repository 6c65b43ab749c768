import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLessons } from '../../scripts/course/lessons.ts';
import { loadAnswers } from '../../scripts/proof/verify/structure.ts';
import { ROOT } from '../../scripts/shared/paths.ts';
import { rowsOf } from './tables.ts';

const guide = readFileSync(join(ROOT, 'lessons', 'INSTRUCTOR.md'), 'utf8');
const lessons = findLessons();

describe.each(['### A full day', '### Half a day'])('%s', (plan) => {
  const rows = rowsOf(guide, plan);
  const planned = rows.flatMap(([, what = '', minutes = '']) => {
    const [, number] = /^Lesson (\d+)$/.exec(what) ?? [];
    return number ? [{ number: Number(number), minutes: Number(minutes) }] : [];
  });

  it('gives each lesson the minutes that its text says', () => {
    expect(planned.length).toBeGreaterThan(0);
    for (const { number, minutes } of planned)
      expect({ number, minutes }).toEqual({
        number,
        minutes: lessons.find((lesson) => lesson.number === number)?.minutes,
      });
  });

  it('adds up: each thing begins when the one before it ends', () => {
    const [first = 0, ...rest] = rows.map(([from = '']) => inMinutes(from));
    let now = first;
    for (const [at, from] of rest.entries()) {
      now += Number(rows[at]?.[2]);
      expect(from).toBe(now);
    }
  });
});

it('a full day has every lesson, in order', () => {
  const named = rowsOf(guide, '### A full day').flatMap(
    ([, what = '']) => /^Lesson (\d+)$/.exec(what)?.[1] ?? [],
  );
  expect(named.map(Number)).toEqual(lessons.map(({ number }) => number));
});

describe.each(lessons)('lesson $number', (lesson) => {
  const heading = `### Lesson ${lesson.number}, ${lesson.minutes} minutes`;
  const [section = ''] = (guide.split(`${heading}\n`)[1] ?? '').split(/^#/m);

  it('has its question, what to say, what to show, and what to leave out', () => {
    for (const word of ['The question.', 'Say.', 'Show.', 'Late?']) expect(section).toContain(`**${word}**`);
  });

  it('names three mistakes that its check tells in these words', async () => {
    const mistakes = [...section.matchAll(/^- \*\*(\d+\.\d+)\*\* "([^"]+)"/gm)].map(
      ([, step, words = '']) => ({
        step,
        words: words.replace(/\s+/g, ' '),
      }),
    );
    expect(mistakes).toHaveLength(3);
    const recorded = ((await loadAnswers(lesson)) ?? []).flatMap(({ fails }) => fails ?? []);
    for (const { step, words } of mistakes)
      expect(
        recorded.filter((fails) => fails.step === step && shares(fails.says, words)).length,
        words,
      ).toBeGreaterThan(0);
  });
});

const inMinutes = (time: string) => {
  const [hours = Number.NaN, minutes = Number.NaN] = time.split(':').map(Number);
  return hours * 60 + minutes;
};
/** The page may quote more, or less, of a message than is recorded. */
const shares = (one: string, other: string) => one.includes(other) || other.includes(one);
