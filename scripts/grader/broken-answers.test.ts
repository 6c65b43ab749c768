import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, GraderFixture } from './fixtures/grader-fixture.ts';

const APP = 'work/01-hello/app.ts';

let grader: GraderFixture;
beforeAll(async () => {
  grader = new GraderFixture();
  await grader.judge;
});
afterAll(() => grader.close());

describe('an answer that does not open', () => {
  it('throws while it loads: the place is told', async () => {
    const text = grader.after("throw new Error('no shop today');");
    const step = failure(await grader.gradeBare(text));
    expect(step.got).toContain('Error: no shop today');
    expect(step.look).toBe('work/01-hello/app.ts:1');
  });

  it.each(["'no shop today'", 'null', 'undefined', '{}', 'new Error()'])('throws %s', async (thrown) => {
    const step = failure(await grader.grade(grader.after(`throw ${thrown};`)));
    expect(step.likely).not.toContain('process.exit');
  });

  it('is not TypeScript: the place is told', async () => {
    const step = failure(await grader.gradeBare(`const a = 1;\nconst = 2;\n${grader.right}`));
    expect(step.got).toContain('SyntaxError: Expected identifier but found "="');
    expect(step.look).toBe('work/01-hello/app.ts:2');
    expect(step.likely).toMatch(/bracket/);
  });

  it('imports what is not there: the place is told, and no copy of it', async () => {
    const step = failure(
      await grader.gradeBare("import { farewell } from '#shop/greeting.ts';\nfarewell();\n"),
    );
    expect(step.got).toContain('No matching export in "greeting.ts" for import "farewell"');
    expect(step.got).not.toContain('.workshop');
    expect(step.look).toBe('work/01-hello/app.ts:1');
    expect(step.likely).toMatch(/import/);
  });

  it('imports a file that is not there: it is told once, by the path the learner knows', async () => {
    const step = failure(await grader.gradeBare("import './farewell.ts';\n"));
    expect(step.got?.match(/Could not resolve "\.\/farewell\.ts"/g)).toHaveLength(1);
    expect(step.got).not.toContain('.workshop');
  });

  it.each([
    ['is empty', () => '', 'It exports: nothing'],
    ['exports another name', () => grader.right.replace('createApp', 'makeApp'), 'It exports: makeApp'],
    ['exports no function', () => 'export const createApp = 1;', 'does not export a function createApp'],
  ])('%s', async (_, answer, got) => {
    const step = failure(await grader.gradeBare(answer()));
    expect(step.got).toContain(got);
    expect(step.likely).toMatch(/createApp/);
    expect(step.likely).not.toMatch(/ended the process/);
  });

  it.each([
    ['nothing', 'return;', 'returned undefined'],
    ['null', 'return null as never;', 'returned null'],
    ['the server, which listens by itself', 'return app.listen(0) as never;', 'returned object'],
  ])('returns %s', async (_, line, got) => {
    const step = failure(await grader.grade(grader.right.replace('return app;', line)));
    expect(step.got).toContain(got);
    expect(step.likely).toMatch(/return app|Express app/);
    expect(step.likely).not.toMatch(/ended the process/);
  });
});

it('passes with the marks of another editor: a byte order mark, and the line ends of Windows', async () => {
  const text = `\uFEFF${grader.right.replaceAll('\n', '\r\n')}`;
  expect((await grader.gradeBare(text)).verdict).toBe('pass');
});

it('tells the line that the learner sees, with the line ends of Windows', async () => {
  const text = `\uFEFF${grader.route("res.send('');").replaceAll('\n', '\r\n')}`;
  const line = text.split('\r\n').findIndex((each) => each.includes('res.send')) + 1;
  expect(failure(await grader.gradeBare(text)).look).toBe(`${APP}:${line}`);
});
