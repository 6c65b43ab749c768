import { expect, it } from 'vitest';
import { EnvironmentError } from '../shared/errors.ts';
import { type TinyWorkshop, tinyWorkshop } from './fixtures/test-support.ts';
import { nextHint } from './next-hint.ts';
import { type LessonProgress, rememberVerdict } from './progress.ts';

const grade = (tiny: TinyWorkshop, verdict: LessonProgress['verdict'], steps: LessonProgress['steps']) =>
  rememberVerdict(
    tiny.lesson,
    { verdict, steps: Object.entries(steps).map(([id, word]) => ({ id, name: id, verdict: word })) } as never,
    tiny.root,
  );
const hint = (tiny: TinyWorkshop) => nextHint(tiny.lesson, tiny.root);

it('goes up the ladder of the first step, and stays on its last rung', () => {
  const tiny = tinyWorkshop();
  const hints = [1, 2, 3, 4].map(() => hint(tiny));
  expect(hints.map((each) => [each?.step, each?.rung, each?.of])).toEqual([
    ['1.1', 1, 3],
    ['1.1', 2, 3],
    ['1.1', 3, 3],
    ['1.1', 3, 3],
  ]);
  expect(hints[0]?.text).toBe('The page is empty. Who sends it?');
  expect(hints[3]?.text).toBe("`res.send(greeting('world'))`");
  expect(hints.map((each) => /npm run solution 1/.test(each?.next ?? ''))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

it('has a ladder of its own for each step', () => {
  const tiny = tinyWorkshop();
  hint(tiny);
  grade(tiny, 'fail', { '1.1': 'pass', '1.2': 'fail' });
  expect(hint(tiny)).toMatchObject({ step: '1.2', rung: 1, text: 'Ada said her name in the address.' });
  grade(tiny, 'fail', { '1.1': 'fail', '1.2': 'fail' });
  expect(hint(tiny)).toMatchObject({ step: '1.1', rung: 2 });
});

it.each(['skipped', 'error', 'fail'] as const)('is about a step that was %s', (word) => {
  const tiny = tinyWorkshop();
  grade(tiny, 'fail', { '1.1': 'pass', '1.2': word });
  expect(hint(tiny)?.step).toBe('1.2');
});

it('is about a step that failed rather than one before it that was skipped', () => {
  const tiny = tinyWorkshop();
  grade(tiny, 'fail', { '1.1': 'skipped', '1.2': 'fail' });
  expect(hint(tiny)?.step).toBe('1.2');
});

it('has nothing to say once the lesson passes, and again when it fails later', () => {
  const tiny = tinyWorkshop();
  grade(tiny, 'pass', { '1.1': 'pass', '1.2': 'pass' });
  expect(hint(tiny)).toBeUndefined();
  grade(tiny, 'fail', { '1.1': 'pass', '1.2': 'fail' });
  expect(hint(tiny)).toMatchObject({ step: '1.2', rung: 1 });
});

it('tells what to do when the file of the hints is gone', () => {
  const tiny = tinyWorkshop();
  tiny.delete('lessons/01-hello/hints.md');
  expect(() => hint(tiny)).toThrow(EnvironmentError);
  expect(() => hint(tiny)).toThrow(/^lessons\/01-hello\/hints\.md .*git checkout lessons/);
});
