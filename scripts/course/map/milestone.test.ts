import { expect, it } from 'vitest';
import type { LessonVerdict, VerdictWord } from '../../grader/verdict.ts';
import { tinyWorkshop } from '../fixtures/test-support.ts';
import { findLessons } from '../lessons.ts';
import { readProgress } from '../progress.ts';
import { recordVerdict } from './milestone.ts';

it('is said when the last lesson turns green, and then not again', () => {
  const tiny = tinyWorkshop();
  tiny.write('lessons/02-bye/app.ts', '');
  const [hello, bye] = findLessons(tiny.root);
  const record = (lesson = hello, verdict: VerdictWord) =>
    lesson && recordVerdict(lesson, { verdict, steps: [] } as unknown as LessonVerdict, tiny.root);
  expect(record(bye, 'pass')).toBeUndefined();
  expect(record(hello, 'fail')).toBeUndefined();
  expect(readProgress(tiny.root).lessons['02-bye']?.verdict).toBe('pass');
  expect(record(hello, 'pass')).toMatch(/all 2 lessons pass\..*npm run list/);
  expect(record(hello, 'pass')).toBeUndefined();
  expect(record(bye, 'fail')).toBeUndefined();
  expect(record(bye, 'pass')).toMatch(/all 2 lessons pass/);
});
