import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../shared/errors.ts';
import { type TinyWorkshop, tinyWorkshop } from './fixtures/test-support.ts';
import { findLessons } from './lessons.ts';
import { keepPristine, pristineDir, resetLesson } from './pristine.ts';

const APP = 'lessons/01-hello/app.ts';
const KEPT = '.workshop/pristine/01-hello';
const NOON = new Date('2026-11-23T12:00:00.001Z');
const LATER = new Date('2026-11-23T12:00:00.002Z');

/** A workshop whose starters are kept, and whose learner has begun. */
function begun(): TinyWorkshop {
  const tiny = tinyWorkshop();
  keepPristine(tiny.root);
  tiny.write(APP, '// mine\n');
  return tiny;
}

/** Resets the lesson. @returns the folder in the attic, relative to the workshop */
function reset(tiny: TinyWorkshop, now = NOON): string | undefined {
  const attic = resetLesson(tiny.lesson, now, tiny.root);
  return attic === undefined ? undefined : relative(tiny.root, attic).replaceAll('\\', '/');
}

describe('the pristine copy', () => {
  it('is the whole lesson folder', () => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/01-hello/views/page.ejs', 'x');
    keepPristine(tiny.root);
    expect(pristineDir(tiny.lesson, tiny.root)).toBe(tiny.path(KEPT));
    for (const name of ['app.ts', 'README.md', 'hints.md', 'views/page.ejs']) {
      expect(tiny.read(`${KEPT}/${name}`)).toBe(tiny.read(`lessons/01-hello/${name}`));
    }
  });

  it('is made once: a later answer does not become the starter', () => {
    const tiny = tinyWorkshop();
    const starter = tiny.read(APP);
    keepPristine(tiny.root);
    tiny.write(APP, '// mine\n');
    keepPristine(tiny.root);
    expect(tiny.read(`${KEPT}/app.ts`)).toBe(starter);
  });

  it('is made for a lesson that comes later, and leaves nothing unfinished', () => {
    const tiny = begun();
    tiny.write('lessons/02-bye/app.ts', '// starter\n');
    keepPristine(tiny.root);
    expect(readdirSync(tiny.path('.workshop/pristine'))).toEqual(['01-hello', '02-bye']);
  });

  it('is not made of a lesson folder that is gone', () => {
    const tiny = tinyWorkshop();
    tiny.delete('lessons/01-hello');
    keepPristine(tiny.root);
    expect(existsSync(tiny.path(KEPT))).toBe(false);
  });
});

describe('reset', () => {
  it('puts the starter back, and keeps the version of the learner in the attic', () => {
    const tiny = begun();
    const attic = reset(tiny);
    expect(attic).toBe('.workshop/attic/01-hello-2026-11-23-12-00-00-001');
    expect(tiny.read(APP)).toBe(tiny.read(`${KEPT}/app.ts`));
    expect(tiny.read(`${attic}/app.ts`)).toBe('// mine\n');
    expect(tiny.read(`${attic}/README.md`)).toBe(tiny.read('lessons/01-hello/README.md'));
  });

  it('takes the files that the learner added to the attic', () => {
    const tiny = begun();
    tiny.write('lessons/01-hello/notes/today.txt', 'first');
    tiny.write('lessons/01-hello/extra.ts', 'second');
    const attic = reset(tiny);
    expect(existsSync(tiny.path('lessons/01-hello/notes/today.txt'))).toBe(false);
    expect(existsSync(tiny.path('lessons/01-hello/extra.ts'))).toBe(false);
    expect(tiny.read(`${attic}/notes/today.txt`)).toBe('first');
    expect(tiny.read(`${attic}/extra.ts`)).toBe('second');
  });

  it('brings back a file that the learner deleted', () => {
    const tiny = begun();
    tiny.delete(APP);
    const attic = reset(tiny);
    expect(tiny.read(APP)).toBe(tiny.read(`${KEPT}/app.ts`));
    expect(existsSync(tiny.path(`${attic}/app.ts`))).toBe(false);
  });

  it('brings back a whole lesson folder, and has nothing to keep of it', () => {
    const tiny = begun();
    tiny.delete('lessons/01-hello');
    expect(reset(tiny)).toBeUndefined();
    expect(tiny.read(APP)).toBe(tiny.read(`${KEPT}/app.ts`));
    expect(existsSync(tiny.path('.workshop/attic'))).toBe(false);
    expect(findLessons(tiny.root)[0]?.title).toBe('Say hello');
  });

  it('puts a file back where the learner made a folder of that name', () => {
    const tiny = begun();
    tiny.delete(APP);
    tiny.write(`${APP}/inside.txt`, 'odd');
    const attic = reset(tiny);
    expect(tiny.read(APP)).toBe(tiny.read(`${KEPT}/app.ts`));
    expect(tiny.read(`${attic}/app.ts/inside.txt`)).toBe('odd');
  });

  it('keeps both versions of two resets in a row', () => {
    const tiny = begun();
    const first = reset(tiny, NOON);
    tiny.write(APP, '// mine again\n');
    const second = reset(tiny, LATER);
    expect(tiny.read(`${first}/app.ts`)).toBe('// mine\n');
    expect(tiny.read(`${second}/app.ts`)).toBe('// mine again\n');
    expect(tiny.read(APP)).toBe(tiny.read(`${KEPT}/app.ts`));
  });

  it('keeps the folder itself, which an editor or a running lesson may have open', () => {
    const tiny = begun();
    const before = statSync(tiny.path('lessons/01-hello')).ino;
    reset(tiny);
    expect(statSync(tiny.path('lessons/01-hello')).ino).toBe(before);
  });

  it('without a kept copy changes nothing, and tells the way out', () => {
    const tiny = tinyWorkshop();
    tiny.write(APP, '// mine\n');
    expect(() => reset(tiny)).toThrow(UsageError);
    expect(() => reset(tiny)).toThrow('git checkout -- lessons/01-hello');
    expect(tiny.read(APP)).toBe('// mine\n');
  });

  it('changes nothing when the attic cannot be written', () => {
    const tiny = begun();
    mkdirSync(tiny.path('.workshop'), { recursive: true });
    tiny.write('.workshop/attic', 'a file in its place');
    expect(() => reset(tiny)).toThrow(/^\.workshop\/attic\/01-hello-\S+ cannot be written \(\w+\)/);
    expect(tiny.read(APP)).toBe('// mine\n');
  });
});
