import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFailed, onTestFinished } from 'vitest';
import { LIMIT_MS, OpenLesson } from './open-lesson.ts';
import { descendantsOf } from './processes.ts';

// These tests need no browser: a page's buttons are forms.
const press = (lesson: OpenLesson, path: string) =>
  fetch(lesson.benchUrl + path, { method: 'POST' }).catch(() => {});

/** `npm run lesson 1`, solved. */
async function openLesson(): Promise<OpenLesson> {
  const lesson = new OpenLesson(1);
  onTestFinished(() => lesson.clear());
  onTestFailed(() => console.log(`npm run lesson printed:\n${lesson.output}`));
  await lesson.passes();
  return lesson;
}

it('a lesson that cannot be opened is said, and the one before it stays', {
  timeout: 3 * LIMIT_MS,
}, async () => {
  const lesson = await openLesson();
  lesson.solve(3);
  rmSync(join(lesson.workspace.dir, 'work', '03-session-config', 'app.ts'));
  await lesson.says(
    [/Lesson 3 could not be opened: work.03-session-config.app\.ts is gone/, /All 5 steps pass/],
    () => {
      void press(lesson, 'open/3');
    },
  );
  lesson.solve(3);
  await lesson.says([/Lesson 3 of/, /All \d+ steps pass/], () => void press(lesson, 'open/3'));
});

it('opens anew when .env is saved, without its text', { timeout: 3 * LIMIT_MS }, async () => {
  const lesson = await openLesson();
  const before = lesson.output.length;
  await lesson.says([/opens anew/, /All 5 steps pass/], () =>
    writeFileSync(join(lesson.workspace.dir, '.env'), `SESSION_SECRET=${'s'.repeat(40)}\n`),
  );
  expect(lesson.output.slice(before)).not.toMatch(/Lesson 1 of/);
});

it('tells type errors below the verdict, which they do not decide', { timeout: 3 * LIMIT_MS }, async () => {
  const lesson = await openLesson();
  const app = `${lesson.workspace.app}\nexport const count: number = 'three';\n`;
  const place = /work\/01-memory-store\/app\.ts:\d+ {3}TS2322: Type 'string' is not assignable/;
  await lesson.says([/All 5 steps pass/, /Types are not graded/, place], () => lesson.workspace.saveApp(app));
  const page = await fetch(lesson.benchUrl).then((answer) => answer.text());
  expect(page).toContain('1 type error, not graded');
});

it('goes on while instances open, restart and end, and leaves none of them', {
  timeout: 5 * LIMIT_MS,
}, async () => {
  const lesson = await openLesson();
  lesson.solve(3);
  const bare = descendantsOf(lesson.pid).length;
  for (const number of [3, 1, 3, 1]) {
    const pressed = ['second', 'restart', 'second', 'kill', 'second', 'secret'].map((name) =>
      press(lesson, `switch/${name}`),
    );
    await lesson.says([/Lesson \d of/, /All \d steps pass/], () => void press(lesson, `open/${number}`));
    await Promise.allSettled(pressed);
  }
  await expect.poll(() => descendantsOf(lesson.pid).length, { timeout: LIMIT_MS }).toBe(bare);
  expect(await lesson.interrupt()).toBe('exit code 0');
});
