import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerIn, learnersAnswer, solutionOf, starterOf } from '../course/answers.ts';
import { type TinyWorkshop, tinyWorkshop } from '../course/fixtures/test-support.ts';
import { EnvironmentError, UsageError } from '../shared/errors.ts';
import { type AnswerSource, GradedCopy, readLayered } from './graded-copy.ts';

const APP = 'work/01-hello/app.ts';

/** A graded copy, removed after the test. */
function copyOf(tiny: TinyWorkshop, source: AnswerSource): GradedCopy {
  const copy = new GradedCopy(tiny.lesson, source, tiny.root);
  onTestFinished(() => copy.remove());
  return copy;
}

const graded = (tiny: TinyWorkshop) =>
  existsSync(tiny.path('.workshop/graded')) ? readdirSync(tiny.path('.workshop/graded')) : [];

describe('which files are graded', () => {
  it("the learner's own, as they are", () => {
    const tiny = tinyWorkshop();
    tiny.write(APP, '// mine\n');
    const copy = copyOf(tiny, learnersAnswer(tiny.lesson));
    expect(copy.read('app.ts')).toBe('// mine\n');
    expect(copy.shown('app.ts', 3)).toBe('work/01-hello/app.ts:3');
    expect(copy.shown('app.ts')).toBe('work/01-hello/app.ts');
  });

  it('the solution, laid over the shipped starter', () => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/01-hello/given.ts', '// given\n');
    tiny.write('work/01-hello/given.ts', '// changed by the learner\n');
    const copy = copyOf(tiny, solutionOf(tiny.lesson));
    expect(copy.read('app.ts')).toBe(tiny.read('solutions/01-hello/app.ts'));
    expect(copy.read('given.ts')).toBe('// given\n');
    expect(copy.shown('app.ts', 1)).toBe('solutions/01-hello/app.ts:1');
  });

  it('the starter, shown as the files that the learner has', () => {
    const tiny = tinyWorkshop();
    tiny.write(APP, '// mine\n');
    const copy = copyOf(tiny, starterOf(tiny.lesson));
    expect(copy.read('app.ts')).toBe(tiny.read('lessons/01-hello/app.ts'));
    expect(copy.shown('app.ts', 1)).toBe('work/01-hello/app.ts:1');
  });

  it('those of any folder, laid over the starter', () => {
    const tiny = tinyWorkshop();
    tiny.write('handed-in/extra.ts', '// extra\n');
    const copy = copyOf(tiny, answerIn(tiny.path('handed-in'), tiny.lesson, tiny.root));
    expect(copy.read('extra.ts')).toBe('// extra\n');
    expect(copy.read('app.ts')).toBe(tiny.read('lessons/01-hello/app.ts'));
    expect(copy.shown('extra.ts')).toBe('handed-in/extra.ts');
  });

  it('also when the path of that folder has a node_modules in it, but not the packages inside', () => {
    const tiny = tinyWorkshop();
    tiny.write('node_modules/handed-in/app.ts', '// theirs\n');
    tiny.write('node_modules/handed-in/node_modules/big/index.js', '');
    const copy = copyOf(tiny, answerIn(tiny.path('node_modules/handed-in'), tiny.lesson, tiny.root));
    expect(copy.read('app.ts')).toBe('// theirs\n');
    expect(existsSync(join(copy.dir, 'node_modules'))).toBe(false);
  });

  it('a recorded answer on top of everything', () => {
    const tiny = tinyWorkshop();
    const files = { 'app.ts': '// recorded\n', 'new.ts': '// new\n' };
    const copy = copyOf(tiny, { ...solutionOf(tiny.lesson), files });
    expect(copy.read('app.ts')).toBe('// recorded\n');
    expect(copy.read('new.ts')).toBe('// new\n');
  });

  it.each(['nowhere', ''])('not those of the folder "%s"', (name) => {
    const tiny = tinyWorkshop();
    expect(() => answerIn(name, tiny.lesson, tiny.root)).toThrow(UsageError);
  });

  it('not a file in place of a folder', () => {
    const tiny = tinyWorkshop();
    expect(() => answerIn(tiny.path(APP), tiny.lesson, tiny.root)).toThrow(UsageError);
  });

  it('not a folder that the workshop itself lies in', () => {
    const tiny = tinyWorkshop();
    expect(() => answerIn(tiny.root, tiny.lesson, tiny.root)).toThrow(UsageError);
  });
});

describe('the text of one file', () => {
  it('comes from the topmost layer that has it, with the line ends of any system', () => {
    const tiny = tinyWorkshop();
    tiny.write('solutions/01-hello/app.ts', 'one\r\ntwo\r\n');
    const source = solutionOf(tiny.lesson);
    expect(readLayered(source, 'app.ts')).toBe('one\ntwo\n');
    expect(readLayered(source, 'hints.md')).toBe(tiny.read('lessons/01-hello/hints.md'));
    expect(readLayered(source, 'gone.ts')).toBe('');
  });

  it('is empty for a file that the copy does not have', () => {
    const tiny = tinyWorkshop();
    expect(copyOf(tiny, learnersAnswer(tiny.lesson)).read('gone.ts')).toBe('');
  });
});

describe('a copy', () => {
  it("finds the shop both as '#shop/…' and as '../shop/…', and they are one module", () => {
    const tiny = tinyWorkshop();
    const main = `import { greeting } from '#shop/greeting.ts';
import { greeting as near } from '../shop/greeting.ts';
console.log(greeting('Ann'), greeting === near);`;
    const copy = copyOf(tiny, { ...learnersAnswer(tiny.lesson), files: { 'main.ts': main } });
    const run = spawnSync(process.execPath, ['--import', 'tsx', 'main.ts'], {
      cwd: copy.dir,
      encoding: 'utf8',
    });
    expect(run.stdout.trim() || run.stderr).toBe('Hello, Ann! true');
  });

  it('may be changed without a trace in the original, and removed without harm to the shop', () => {
    const tiny = tinyWorkshop();
    const before = tiny.read(APP);
    const copy = new GradedCopy(tiny.lesson, learnersAnswer(tiny.lesson), tiny.root);
    tiny.write(`.workshop/graded/${graded(tiny)[0]}/01-hello/app.ts`, '// changed\n');
    expect(copy.read('app.ts')).toBe('// changed\n');
    copy.remove();
    expect(graded(tiny)).toEqual([]);
    expect(tiny.read(APP)).toBe(before);
    expect(tiny.read('lessons/shop/greeting.ts')).toContain('greeting');
    copy.remove();
  });

  it('stands beside another of the same process', () => {
    const tiny = tinyWorkshop();
    const first = copyOf(tiny, learnersAnswer(tiny.lesson));
    const second = copyOf(tiny, solutionOf(tiny.lesson));
    expect(first.read('app.ts')).not.toBe(second.read('app.ts'));
    expect(graded(tiny)).toHaveLength(2);
  });

  it('that cannot be made is told, and nothing of it stays', () => {
    const tiny = tinyWorkshop();
    const files = { 'no/such/folder.ts': '' };
    const make = () => new GradedCopy(tiny.lesson, { ...learnersAnswer(tiny.lesson), files }, tiny.root);
    expect(make).toThrow(EnvironmentError);
    expect(make).toThrow(/^\.workshop\/graded\/\S+ cannot be written \(ENOENT\)/);
    expect(graded(tiny)).toEqual([]);
  });
});

describe('copies that others left', () => {
  it('are swept when their process has ended, and kept while it lives', async () => {
    const tiny = tinyWorkshop();
    const ended = spawnSync(process.execPath, ['-e', '0']).pid;
    const living = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    onTestFinished(async () => {
      living.kill();
      await once(living, 'close');
    });
    for (const pid of [ended, living.pid]) {
      mkdirSync(tiny.path(`.workshop/graded/${pid}-1/01-hello`), { recursive: true });
    }
    copyOf(tiny, learnersAnswer(tiny.lesson));
    expect(graded(tiny)).toHaveLength(2);
    expect(graded(tiny)).toContain(`${living.pid}-1`);
    expect(graded(tiny)).not.toContain(`${ended}-1`);
  });

  it('are swept when nobody can have made them', () => {
    const tiny = tinyWorkshop();
    mkdirSync(tiny.path('.workshop/graded/left-over'), { recursive: true });
    copyOf(tiny, learnersAnswer(tiny.lesson));
    expect(graded(tiny)).not.toContain('left-over');
  });
});
