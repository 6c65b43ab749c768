import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LessonVerdict } from '../grader/verdict.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { type TinyWorkshop, tinyWorkshop } from './fixtures/test-support.ts';
import { keepPristine } from './pristine.ts';
import { readProgress, remember, rememberVerdict, stateDir } from './state.ts';

const FILE = '.workshop/progress.json';
const EMPTY = { schema: 1, lessons: {} };
const PASSED = { verdict: 'pass', steps: { '1.1': 'pass' }, hints: { '1.1': 2 } } as const;

/** Reads the progress, and gives what was said along with it. */
function read(tiny: TinyWorkshop) {
  const said: string[] = [];
  const progress = readProgress(tiny.root, (line) => said.push(line));
  return { progress, said };
}

const stateFiles = (tiny: TinyWorkshop) => readdirSync(tiny.path('.workshop')).sort();

describe('progress that can be read', () => {
  it('is empty before anything was graded, and nothing is made for it', () => {
    const tiny = tinyWorkshop();
    expect(read(tiny)).toEqual({ progress: EMPTY, said: [] });
    expect(readdirSync(tiny.root)).not.toContain('.workshop');
  });

  it('comes back as it was remembered', () => {
    const tiny = tinyWorkshop();
    remember('01-hello', () => PASSED, tiny.root);
    expect(read(tiny)).toEqual({ progress: { schema: 1, lessons: { '01-hello': PASSED } }, said: [] });
  });

  it('keeps the other lessons, and of this one what is not changed', () => {
    const tiny = tinyWorkshop();
    remember('01-hello', () => PASSED, tiny.root);
    remember('02-bye', () => ({ hints: { '2.1': 1 } }), tiny.root);
    remember('01-hello', ({ hints }) => ({ hints: { ...hints, '1.2': 1 } }), tiny.root);
    expect(read(tiny).progress.lessons).toEqual({
      '01-hello': { ...PASSED, hints: { '1.1': 2, '1.2': 1 } },
      '02-bye': { verdict: 'skipped', steps: {}, hints: { '2.1': 1 } },
    });
  });

  it('takes the words of a verdict, and keeps the hints that were shown', () => {
    const tiny = tinyWorkshop();
    remember('01-hello', () => PASSED, tiny.root);
    const verdict: LessonVerdict = {
      number: 1,
      slug: 'hello',
      title: 'Say hello',
      answer: 'lessons/01-hello',
      verdict: 'fail',
      ms: 1,
      steps: [
        { id: '1.1', name: 'a', verdict: 'pass' },
        { id: '1.2', name: 'b', verdict: 'fail' },
      ],
    };
    rememberVerdict(tiny.lesson, verdict, tiny.root);
    expect(read(tiny).progress.lessons['01-hello']).toEqual({
      verdict: 'fail',
      steps: { '1.1': 'pass', '1.2': 'fail' },
      hints: { '1.1': 2 },
    });
  });

  it('leaves no other file beside it', () => {
    const tiny = tinyWorkshop();
    remember('01-hello', () => PASSED, tiny.root);
    remember('02-bye', () => PASSED, tiny.root);
    expect(stateFiles(tiny)).toEqual(['progress.json']);
  });
});

describe('progress that cannot be read is moved aside, kept and said', () => {
  it.each([
    ['not JSON', '{ "schema": 1, "less'],
    ['empty', ''],
    ['a word', '"progress"'],
    ['null', 'null'],
    ['a list', '[]'],
    ['of another schema', '{"schema":2,"lessons":{}}'],
    ['without lessons', '{"schema":1}'],
    ['lessons as a list', '{"schema":1,"lessons":[]}'],
    ['a lesson of null', '{"schema":1,"lessons":{"01-hello":null}}'],
    ['a lesson without steps', '{"schema":1,"lessons":{"01-hello":{"verdict":"pass","hints":{}}}}'],
    ['steps of null', '{"schema":1,"lessons":{"01-hello":{"verdict":"pass","steps":null,"hints":{}}}}'],
    ['hints of null', '{"schema":1,"lessons":{"01-hello":{"verdict":"pass","steps":{},"hints":null}}}'],
  ])('%s', (_, text) => {
    const tiny = tinyWorkshop();
    tiny.write(FILE, text);
    const { progress, said } = read(tiny);
    expect(progress).toEqual(EMPTY);
    const [aside = '', ...others] = stateFiles(tiny);
    expect(others).toEqual([]);
    expect(said.join('\n')).toContain(`moved to .workshop/${aside}`);
    expect(tiny.read(`.workshop/${aside}`)).toBe(text);
  });

  it('a folder in its place', () => {
    const tiny = tinyWorkshop();
    tiny.write(`${FILE}/note.txt`, 'mine');
    const { progress, said } = read(tiny);
    expect(progress).toEqual(EMPTY);
    const [aside = ''] = stateFiles(tiny);
    expect(said[0]).toContain(aside);
    expect(tiny.read(`.workshop/${aside}/note.txt`)).toBe('mine');
  });

  it('once: what is remembered next is read without a word', () => {
    const tiny = tinyWorkshop();
    tiny.write(FILE, 'broken');
    read(tiny);
    remember('01-hello', () => PASSED, tiny.root);
    expect(read(tiny)).toEqual({ progress: { schema: 1, lessons: { '01-hello': PASSED } }, said: [] });
  });
});

describe('a place that cannot be written', () => {
  it.each([
    ['the state', (root: string) => stateDir(root)],
    ['the progress', (root: string) => remember('01-hello', () => PASSED, root)],
    ['the pristine copies', (root: string) => keepPristine(root)],
  ])('.workshop is a file: %s', (_, use) => {
    const tiny = tinyWorkshop();
    tiny.write('.workshop', 'a file of mine');
    const error = thrownBy(() => use(tiny.root));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toMatch(/^\.workshop[\w/-]* cannot be written \(E\w+\)\./);
    expect(error.message.match(/cannot be written/g)).toHaveLength(1);
    expect(tiny.read('.workshop')).toBe('a file of mine');
  });

  it('the pristine folder is a file', () => {
    const tiny = tinyWorkshop();
    tiny.write('.workshop/pristine', '');
    expect(() => keepPristine(tiny.root)).toThrow(
      /^\.workshop\/pristine\/01-hello cannot be written \(E\w+\)\..* delete it/,
    );
  });

  // Root may write everywhere, and Windows has other rights.
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('is read-only', () => {
    const tiny = tinyWorkshop();
    mkdirSync(tiny.path('.workshop'), { mode: 0o555 });
    expect(() => remember('01-hello', () => PASSED, tiny.root)).toThrow(EnvironmentError);
    expect(() => keepPristine(tiny.root)).toThrow(EnvironmentError);
    rmSync(tiny.path('.workshop'), { recursive: true });
  });

  it('leaves the old progress whole', () => {
    const tiny = tinyWorkshop();
    remember('01-hello', () => PASSED, tiny.root);
    const before = readFileSync(tiny.path(FILE), 'utf8');
    expect(() => remember('02-bye', () => ({ steps: { a: 1n as never } }), tiny.root)).toThrow();
    expect(readFileSync(tiny.path(FILE), 'utf8')).toBe(before);
    expect(stateFiles(tiny)).toEqual(['progress.json']);
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
