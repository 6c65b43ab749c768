import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { learnersAnswer } from '../course/answers.ts';
import { type TinyWorkshop, tinyWorkshop } from '../course/fixtures/test-support.ts';
import { Judge } from './grade.ts';
import { WorkshopFiles } from './workshop-files.ts';

const CHECK = 'checks/01-hello.check.ts';
const LIST = 'node_modules/.package-lock.json';

/** A tiny workshop with an installed package. */
function installed(): TinyWorkshop {
  const tiny = tinyWorkshop();
  tiny.write('node_modules/chalk/index.js', 'export default 1;');
  tiny.write('node_modules/vitest/index.js', 'export default 1;');
  tiny.write(
    LIST,
    JSON.stringify({ packages: { 'node_modules/chalk': {}, 'node_modules/vitest': { dev: true } } }),
  );
  return tiny;
}

describe('a file that changed while an answer ran', () => {
  it('is put back, and the changed version is kept', () => {
    const tiny = tinyWorkshop();
    const before = tiny.read(CHECK);
    const ended = new WorkshopFiles(tiny.root).begin();
    tiny.write(CHECK, 'export default 1;');
    const change = ended();
    expect(change).toMatchObject({ names: [CHECK], by: 'answer' });
    expect(tiny.read(CHECK)).toBe(before);
    expect(tiny.read(`${change?.keptIn}/${CHECK}`)).toBe('export default 1;');
  });

  it('comes back when it was deleted, with its folder', () => {
    const tiny = tinyWorkshop();
    const before = tiny.read('solutions/01-hello/app.ts');
    const ended = new WorkshopFiles(tiny.root).begin();
    tiny.delete('solutions');
    expect(ended()?.names).toEqual(['solutions/01-hello/app.ts']);
    expect(tiny.read('solutions/01-hello/app.ts')).toBe(before);
  });

  it('goes away when it was added', () => {
    const tiny = tinyWorkshop();
    const ended = new WorkshopFiles(tiny.root).begin();
    tiny.write('scripts/node_modules/chalk/index.js', '');
    expect(ended()?.names).toEqual(['scripts/node_modules/chalk/index.js']);
    expect(existsSync(tiny.path('scripts/node_modules/chalk/index.js'))).toBe(false);
  });

  it('is no change when its text is the same, and drafts of editors are none', () => {
    const tiny = tinyWorkshop();
    const ended = new WorkshopFiles(tiny.root).begin();
    tiny.write(CHECK, tiny.read(CHECK));
    tiny.write('checks/.01-hello.check.ts.swp', '');
    tiny.write(`${CHECK}~`, '');
    expect(ended()).toBeUndefined();
  });

  it('stays when git or npm wrote meanwhile', () => {
    const tiny = tinyWorkshop();
    const ended = new WorkshopFiles(tiny.root).begin();
    tiny.write('.git/index', 'pulled');
    tiny.write(CHECK, 'export default 2;');
    expect(ended()).toEqual({ names: [CHECK], by: 'others' });
    expect(tiny.read(CHECK)).toBe('export default 2;');
  });

  it('stays when it was changed before: by the learner, between two answers', () => {
    const tiny = tinyWorkshop();
    const files = new WorkshopFiles(tiny.root);
    expect(files.begin()()).toBeUndefined();
    tiny.write('lessons/shop/greeting.ts', 'export const greeting = String;');
    expect(files.begin()()).toBeUndefined();
    expect(tiny.read('lessons/shop/greeting.ts')).toBe('export const greeting = String;');
  });

  it('is told of every answer that ran meanwhile', () => {
    const tiny = tinyWorkshop();
    const files = new WorkshopFiles(tiny.root);
    const [first, second] = [files.begin(), files.begin()];
    tiny.write(CHECK, 'export default 1;');
    expect(second()).toMatchObject({ names: [CHECK], by: 'answers' });
    expect(first()).toMatchObject({ names: [CHECK], by: 'answers' });
    expect(files.begin()()).toBeUndefined();
  });
});

it('has the packages installed anew when one of those that learners use changed', () => {
  const tiny = installed();
  const files = new WorkshopFiles(tiny.root);
  const ended = files.begin();
  tiny.write('node_modules/vitest/index.js', 'export default 2;');
  expect(ended()).toBeUndefined();
  const next = files.begin();
  tiny.write('node_modules/chalk/index.js', 'export default 2;');
  expect(next()).toMatchObject({ names: ['node_modules/chalk/index.js'], by: 'answer' });
  expect(existsSync(tiny.path(LIST))).toBe(false);
});

/** Grades an answer that writes over a file of the workshop. */
async function graded(tiny: TinyWorkshop, file: string, text: string) {
  const judge = await Judge.open(tiny.root);
  onTestFinished(() => judge.close());
  const line = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(tiny.path(file))}, ${JSON.stringify(text)});\n`;
  tiny.write('work/01-hello/app.ts', line + tiny.read('solutions/01-hello/app.ts'));
  return judge.grade(tiny.lesson, learnersAnswer(tiny.lesson), { files: new WorkshopFiles(tiny.root) });
}

it('never passes an answer that writes over its check, and says where it writes', async () => {
  const tiny = tinyWorkshop();
  const before = tiny.read(CHECK);
  const { verdict, steps } = await graded(tiny, CHECK, 'export default { steps: [] };');
  expect(verdict).toBe('fail');
  expect(steps[0]).toMatchObject({
    verdict: 'fail',
    got: `files of the workshop changed meanwhile: ${CHECK}`,
    look: 'work/01-hello/app.ts:2',
  });
  expect(steps[0]?.likely).toMatch(/They were put back; what was written is in \.workshop\/attic\//);
  expect(steps.slice(1).map((step) => step.verdict)).toEqual(['pass']);
  expect(tiny.read(CHECK)).toBe(before);
});

it('passes an answer that writes elsewhere', async () => {
  const tiny = tinyWorkshop();
  expect((await graded(tiny, '.workshop/a-log', 'a line')).verdict).toBe('pass');
  expect(readFileSync(join(tiny.root, '.workshop', 'a-log'), 'utf8')).toBe('a line');
});
