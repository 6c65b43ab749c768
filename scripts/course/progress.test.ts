import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LessonVerdict } from '../grader/verdict.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { stateDir } from '../shared/state-dir.ts';
import { WITH_TSX } from '../shared/with-tsx.ts';
import { type TinyWorkshop, tinyWorkshop } from './fixtures/test-support.ts';
import type { Lesson } from './lessons.ts';
import { forget, readProgress, rememberHint, rememberVerdict } from './progress.ts';
import { openWork, resetLesson } from './work.ts';

const VERDICT = '.workshop/progress/01-hello.verdict.json';
const HINTS = '.workshop/progress/01-hello.hints.json';
const verdict = (word: 'pass' | 'fail') =>
  ({ verdict: word, steps: [{ id: '1.1', name: 'a', verdict: word }] }) as unknown as LessonVerdict;
const another = (lesson: Lesson): Lesson => ({ ...lesson, folder: '02-bye' });

/** Reads the progress, and returns what was printed with it. */
function read(tiny: TinyWorkshop) {
  const said: string[] = [];
  const progress = readProgress(tiny.root, (line) => said.push(line));
  return { lessons: progress.lessons, said };
}

describe('progress that can be read', () => {
  it('is empty before anything was graded, and nothing is made for it', () => {
    const tiny = tinyWorkshop();
    expect(read(tiny)).toEqual({ lessons: {}, said: [] });
    expect(readdirSync(tiny.root)).not.toContain('.workshop');
  });

  it('comes back as it was remembered, each lesson and each half by itself', () => {
    const tiny = tinyWorkshop();
    rememberVerdict(tiny.lesson, verdict('fail'), tiny.root);
    rememberHint(tiny.lesson, '1.1', 2, tiny.root);
    rememberHint(tiny.lesson, '1.2', 1, tiny.root);
    rememberVerdict(tiny.lesson, verdict('pass'), tiny.root);
    rememberHint(another(tiny.lesson), '2.1', 1, tiny.root);
    expect(read(tiny)).toEqual({
      lessons: {
        '01-hello': { verdict: 'pass', steps: { '1.1': 'pass' }, hints: { '1.1': 2, '1.2': 1 } },
        '02-bye': { verdict: 'skipped', steps: {}, hints: { '2.1': 1 } },
      },
      said: [],
    });
    forget(tiny.lesson, tiny.root);
    expect(read(tiny).lessons['01-hello']).toEqual({ verdict: 'skipped', steps: {}, hints: {} });
  });

  it('counts only where a command of the workshop wrote it', () => {
    const tiny = tinyWorkshop();
    rememberVerdict(tiny.lesson, verdict('fail'), tiny.root);
    const pass = JSON.stringify({ schema: 1, verdict: 'pass', steps: { '1.1': 'pass' } });
    const { seal } = JSON.parse(tiny.read(VERDICT));
    const written = [
      [VERDICT, pass],
      [VERDICT, JSON.stringify({ ...JSON.parse(pass), seal })],
      ['.workshop/progress/02-bye.verdict.json', pass],
      [HINTS, JSON.stringify({ schema: 1, hints: { '1.1': 3 } })],
      ['.workshop/progress.json', JSON.stringify({ schema: 1, lessons: { '02-bye': JSON.parse(pass) } })],
    ] as const;
    for (const [file, text] of written) {
      tiny.write(file, text);
      const { lessons, said } = read(tiny);
      expect(
        lessons[file.includes('bye') || file.endsWith('progress.json') ? '02-bye' : '01-hello']?.verdict,
      ).not.toBe('pass');
      expect(said[0]).toContain(`${file} was not written by a command of the workshop. It was moved to`);
    }
  });

  it('of a workshop that knew no seals stays, also beside a later verdict', () => {
    const tiny = tinyWorkshop();
    const passed = { schema: 1, verdict: 'pass', steps: { '1.1': 'pass' } };
    tiny.write(VERDICT, JSON.stringify(passed));
    tiny.write('.workshop/progress.json', JSON.stringify({ schema: 1, lessons: {} }));
    rememberVerdict(another(tiny.lesson), verdict('fail'), tiny.root);
    const { lessons, said } = read(tiny);
    expect(said).toEqual([]);
    expect(lessons['01-hello']?.verdict).toBe('pass');
    tiny.write(VERDICT, JSON.stringify({ ...passed, steps: { '1.1': 'pass', '1.2': 'pass' } }));
    expect(read(tiny).said[0]).toContain('was not written by a command');
  });

  it('is written anew beside a key that is damaged', () => {
    const tiny = tinyWorkshop();
    tiny.write('.workshop/progress/key.json', '');
    rememberVerdict(tiny.lesson, verdict('pass'), tiny.root);
    expect(read(tiny)).toEqual({
      lessons: { '01-hello': { verdict: 'pass', steps: { '1.1': 'pass' }, hints: {} } },
      said: [],
    });
  });

  it('is taken over from the one file of before', () => {
    const tiny = tinyWorkshop();
    const old = { verdict: 'pass', steps: { '1.1': 'pass' }, hints: { '1.1': 2 } };
    tiny.write('.workshop/progress.json', JSON.stringify({ schema: 1, lessons: { '01-hello': old } }));
    expect(read(tiny)).toEqual({ lessons: { '01-hello': old }, said: [] });
    expect(readdirSync(tiny.path('.workshop'))).toEqual(['progress']);
  });

  it('keeps all that two processes write at once, also of one lesson', async () => {
    const tiny = tinyWorkshop();
    const writer = fileURLToPath(new URL('./fixtures/progress-writer.ts', import.meta.url));
    const writers = ['verdicts', 'hints', 'others'].map((what) =>
      fork(writer, [tiny.root, what], { execArgv: WITH_TSX }),
    );
    await Promise.all(writers.map((each) => once(each, 'message')));
    for (const each of writers) each.send('go');
    const codes = await Promise.all(writers.map((each) => once(each, 'exit')));
    expect(codes.map(([code]) => code)).toEqual([0, 0, 0]);
    const { lessons, said } = read(tiny);
    expect(said).toEqual([]);
    expect(lessons['01-hello']).toMatchObject({ verdict: 'pass', hints: { '1.1': 200 } });
    expect(Object.keys(lessons)).toHaveLength(1 + 90);
  });
});

describe('a file that cannot be read is moved aside, kept and said', () => {
  it.each([
    ['not JSON', VERDICT, '{ "schema": 1, "less'],
    ['empty', VERDICT, ''],
    ['a word', VERDICT, '"progress"'],
    ['null', VERDICT, 'null'],
    ['a list', HINTS, '[]'],
    ['of another schema', VERDICT, '{"schema":2,"verdict":"pass","steps":{}}'],
    ['a verdict that is no word of ours', VERDICT, '{"schema":1,"verdict":"good","steps":{}}'],
    ['without steps', VERDICT, '{"schema":1,"verdict":"pass"}'],
    ['steps of null', VERDICT, '{"schema":1,"verdict":"pass","steps":null}'],
    ['a step whose verdict is no word of ours', VERDICT, '{"schema":1,"verdict":"fail","steps":{"1.1":7}}'],
    ['hints of null', HINTS, '{"schema":1,"hints":null}'],
    ['hints that are no numbers', HINTS, '{"schema":1,"hints":{"1.1":"two"}}'],
  ])('%s', (_, file, text) => {
    const tiny = tinyWorkshop();
    tiny.write(file, text);
    const { lessons, said } = read(tiny);
    expect(lessons).toEqual({});
    const [aside = ''] = readdirSync(tiny.path('.workshop')).filter((name) => name !== 'progress');
    expect(said.join('\n')).toContain(`moved to .workshop/${aside}`);
    expect(tiny.read(`.workshop/${aside}`)).toBe(text);
    expect(read(tiny).said).toEqual([]);
  });

  it.each([
    ['not JSON', '{ "schema": 1, "less', {}],
    ['null', 'null', {}],
    ['a lesson of null', '{"schema":1,"lessons":{"01-hello":null}}', {}],
    ['a name that leads out of the folder', '{"schema":1,"lessons":{"../../evil":{}}}', {}],
    [
      'one lesson that is broken beside one that is whole',
      '{"schema":1,"lessons":{"01-hello":{"verdict":"pass","steps":{},"hints":{}},"02-bye":{"verdict":"good"}}}',
      { '01-hello': { verdict: 'pass', steps: {}, hints: {} } },
    ],
  ])('the one file of before, when it is %s', (_, text, kept) => {
    const tiny = tinyWorkshop();
    tiny.write('.workshop/progress.json', text);
    const before = readdirSync(tiny.root);
    const { lessons, said } = read(tiny);
    expect(lessons).toEqual(kept);
    const [aside = ''] = readdirSync(tiny.path('.workshop')).filter((name) => name !== 'progress');
    expect(said.join('\n')).toContain(`moved to .workshop/${aside}`);
    expect(tiny.read(`.workshop/${aside}`)).toBe(text);
    expect(readdirSync(tiny.root)).toEqual(before);
    expect(read(tiny).said).toEqual([]);
  });

  it('and the other files count', () => {
    const tiny = tinyWorkshop();
    rememberVerdict(tiny.lesson, verdict('pass'), tiny.root);
    tiny.write(HINTS, 'broken');
    expect(read(tiny).lessons['01-hello']).toMatchObject({ verdict: 'pass', hints: {} });
  });

  it('the one file of before never replaces what was remembered since', () => {
    const tiny = tinyWorkshop();
    const old = { verdict: 'fail', steps: { '1.1': 'fail' }, hints: { '1.1': 2 } };
    tiny.write('.workshop/progress.json', JSON.stringify({ schema: 1, lessons: { '01-hello': old } }));
    rememberVerdict(tiny.lesson, verdict('pass'), tiny.root);
    expect(read(tiny).lessons['01-hello']).toMatchObject({ verdict: 'pass', hints: { '1.1': 2 } });
  });

  it.each(['.workshop/progress.json', HINTS])('a folder in the place of %s is named', (file) => {
    const tiny = tinyWorkshop();
    tiny.write(`${file}/note.txt`, 'mine');
    expect(() => read(tiny)).toThrow(
      new EnvironmentError(`${file} is not a file. Move it away, and run the command again.`),
    );
  });

  it('a file in the place of the folder is named', () => {
    const tiny = tinyWorkshop();
    tiny.write('.workshop/progress', 'mine');
    expect(() => read(tiny)).toThrow(EnvironmentError);
    expect(() => read(tiny)).toThrow(/^\.workshop\/progress is not a folder\. Move it away/);
  });

  it.skipIf(process.platform === 'win32')('a link that leads nowhere counts as no file', () => {
    const tiny = tinyWorkshop();
    mkdirSync(tiny.path('.workshop/progress'), { recursive: true });
    symlinkSync('nowhere', tiny.path(VERDICT));
    expect(read(tiny)).toEqual({ lessons: {}, said: [] });
  });

  it('a folder in the place of a file is named', () => {
    const tiny = tinyWorkshop();
    tiny.write(`${VERDICT}/note.txt`, 'mine');
    expect(() => read(tiny)).toThrow(/01-hello\.verdict\.json is not a file\. Move it away/);
    expect(tiny.read(`${VERDICT}/note.txt`)).toBe('mine');
  });
});

describe('a place that cannot be written', () => {
  it.each([
    ['the state', (tiny: TinyWorkshop) => stateDir(tiny.root)],
    ['the progress', (tiny: TinyWorkshop) => rememberHint(tiny.lesson, '1.1', 1, tiny.root)],
    ['the record of what was copied', (tiny: TinyWorkshop) => openWork(tiny.lesson, tiny.root)],
    ['the attic', (tiny: TinyWorkshop) => resetLesson(tiny.lesson, new Date(), tiny.root)],
  ])('.workshop is a file: %s', (_, use) => {
    const tiny = tinyWorkshop();
    tiny.write('.workshop', 'a file of mine');
    const error = thrownBy(() => use(tiny));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toMatch(/^\.workshop[\w/-]* cannot be written \(E\w+\)\./);
    expect(error.message.match(/cannot be written/g)).toHaveLength(1);
    expect(tiny.read('.workshop')).toBe('a file of mine');
  });

  // Not for root, who may write everywhere, nor on Windows, which has other rights.
  const hasRights = process.getuid?.() !== 0 && process.platform !== 'win32';
  if (hasRights)
    it('is read-only', () => {
      const tiny = tinyWorkshop();
      mkdirSync(tiny.path('.workshop'), { mode: 0o555 });
      expect(() => rememberHint(tiny.lesson, '1.1', 1, tiny.root)).toThrow(EnvironmentError);
      rmSync(tiny.path('.workshop'), { recursive: true });
    });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
