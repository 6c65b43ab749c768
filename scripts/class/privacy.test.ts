import { readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { solutionOf } from '../course/answers.ts';
import { findLessons, lessonNumbered } from '../course/lessons.ts';
import { Judge } from '../grader/grade.ts';
import { ROOT } from '../shared/paths.ts';
import { own } from './fixtures/test-class.ts';
import { reportOf } from './report.ts';

let judge: Judge;
beforeAll(async () => {
  judge = await Judge.open();
});
afterAll(() => judge.close());

/** Text of these answers that learners would not want others to read, and the part of a verdict that shows it to them. */
const ANSWERS = [
  ['a name that they chose', '2', 'store.ts', "'sessions'", "'my-ex-called-kim'", 'my-ex-called-kim'],
  ['a secret in the code', '3', 'app.ts', 'config.sessionSecret', "'hunter2-hunter2'", undefined],
  [
    'an error of their own',
    '3',
    'app.ts',
    'const app = express();',
    "throw new Error('hunter2');",
    'hunter2',
  ],
  ['a line that does not compile', '8', 'app.ts', 'const app = express();', 'const hunter2 = = 1;', 'app.ts'],
  ["a session's cookie", '7', 'auth.ts', 'await regenerate(req)', 'await save(req)', 's%3A'],
] as const;

it.each(ANSWERS)('a report holds nothing of %s', async (_what, number, file, from, to, shown) => {
  const lesson = lessonNumbered(number, findLessons());
  const text = readFileSync(join(lesson.solutionDir, file), 'utf8');
  expect(text).toContain(from);
  const files = { [file]: text.replaceAll(from, () => to) };
  const verdict = await judge.grade(lesson, { ...solutionOf(lesson), files });
  expect(verdict.verdict).toBe('fail');
  // The learner sees it. The class does not.
  if (shown) expect(JSON.stringify(verdict)).toContain(shown);

  const {
    id,
    seq,
    lesson: of,
    verdict: word,
    steps,
    likely,
    ...rest
  } = reportOf(verdict, { id: 'x', seq: 1 }, own);
  expect({ id, seq, of, word, rest }).toEqual({ id: 'x', seq: 1, of: lesson.number, word: 'fail', rest: {} });
  for (const step of steps) {
    expect(Object.keys(step)).toEqual(['id', 'verdict']);
    expect(step.id).toMatch(/^\d+\.\d+$/);
  }
  expect(own(likely ?? '') ?? '').toBe(likely ?? '');
  const sent = JSON.stringify({ steps, likely });
  for (const each of ['hunter2', 'my-ex', ROOT, homedir(), hostname(), 'file:', 'lessons/', 'app.ts', 's%3A'])
    expect(sent).not.toContain(each);
});
