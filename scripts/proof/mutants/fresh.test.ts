import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findLessons } from '../../course/lessons.ts';
import { ROOT } from '../../shared/paths.ts';
import { textOf } from './inputs.ts';
import { outOfDate } from './report.ts';

it('checks/MUTANTS.md was made from the solutions, checks and reasons that are here', () => {
  const stale = outOfDate(textOf(join(ROOT, 'checks', 'MUTANTS.md')), findLessons());
  const numbers = stale.map(({ number }) => number).join(' ');
  expect(numbers, `make it anew with: npm run mutants ${numbers}`).toBe('');
});
