import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findLessons } from '../../course/lessons.ts';
import { ROOT } from '../../shared/paths.ts';
import { textOf } from './inputs.ts';
import { markedOlder } from './report.ts';

it('each row of checks/MUTANTS.md was made from the solution, check and reasons that are here, or says that it is older', () => {
  const report = textOf(join(ROOT, 'checks', 'MUTANTS.md'));
  const marked = markedOlder(report, findLessons());
  expect(report, 'npm run mutants N   makes a row anew; npm run mutants -- --mark   marks it').toBe(marked);
});
