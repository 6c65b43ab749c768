import { existsSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../shared/errors.ts';
import { type TinyWorkshop, tinyWorkshop } from './fixtures/test-support.ts';
import { describeMissing, openWork, resetLesson } from './work.ts';

const STARTER = 'lessons/01-hello/app.ts';
const APP = 'work/01-hello/app.ts';
const LEFT_BY_EDITORS = ['.DS_Store', 'Thumbs.db', '.app.ts.swp', 'app.ts~', '#app.ts#'];
const NOON = new Date('2026-11-23T12:00:00.001Z');
const LATER = new Date('2026-11-23T12:00:00.002Z');

const open = (tiny: TinyWorkshop) => openWork(tiny.lesson, tiny.root);

/** A workshop whose learner has opened its lesson. */
function begun(): TinyWorkshop {
  const tiny = tinyWorkshop();
  tiny.delete('work');
  open(tiny);
  return tiny;
}

/** Resets the lesson. @returns the folder in the attic, relative to the workshop */
function reset(tiny: TinyWorkshop, now = NOON): string | undefined {
  const attic = resetLesson(tiny.lesson, now, tiny.root);
  return attic === undefined ? undefined : relative(tiny.root, attic).replaceAll('\\', '/');
}

describe('work/', () => {
  it("is made from the starter's code, at any depth. The text stays in lessons/", () => {
    const tiny = tinyWorkshop();
    tiny.delete('work');
    tiny.write('lessons/01-hello/views/page.ejs', 'x');
    for (const left of LEFT_BY_EDITORS) tiny.write(`lessons/01-hello/${left}`, 'x');
    open(tiny);
    expect(tiny.read(APP)).toBe(tiny.read(STARTER));
    expect(tiny.read('work/01-hello/views/page.ejs')).toBe('x');
    for (const name of ['README.md', 'hints.md', ...LEFT_BY_EDITORS])
      expect(existsSync(tiny.path(`work/01-hello/${name}`)), name).toBe(false);
  });

  it('keeps what the learner has changed and added', () => {
    const tiny = begun();
    tiny.write(APP, '// mine\n');
    tiny.write('work/01-hello/extra.ts', '// mine, too\n');
    open(tiny);
    expect(tiny.read(APP)).toBe('// mine\n');
    expect(tiny.read('work/01-hello/extra.ts')).toBe('// mine, too\n');
    expect(tiny.read(STARTER)).not.toBe('// mine\n');
  });

  it('gets what an update changes, adds and removes, but for what the learner has solved', () => {
    const tiny = tinyWorkshop();
    tiny.delete('work');
    tiny.write('lessons/01-hello/beside.ts', '// one\n');
    tiny.write('lessons/01-hello/gone.ts', '// one\n');
    open(tiny);
    tiny.write(APP, '// solved\n');
    tiny.write(STARTER, '// the starter of the update\n');
    tiny.write('lessons/01-hello/beside.ts', '// two\n');
    tiny.write('lessons/01-hello/added.ts', '// new\n');
    tiny.delete('lessons/01-hello/gone.ts');
    for (const again of [1, 2]) {
      open(tiny);
      expect(tiny.read(APP), `time ${again}`).toBe('// solved\n');
      expect(tiny.read('work/01-hello/beside.ts')).toBe('// two\n');
      expect(tiny.read('work/01-hello/added.ts')).toBe('// new\n');
      expect(existsSync(tiny.path('work/01-hello/gone.ts'))).toBe(false);
    }
    const attic = reset(tiny);
    expect(tiny.read(APP)).toBe('// the starter of the update\n');
    expect(tiny.read(`${attic}/app.ts`)).toBe('// solved\n');
  });

  it('is renewed as a whole when nothing was changed in it', () => {
    const tiny = begun();
    tiny.write(STARTER, '// two\n');
    open(tiny);
    tiny.write(STARTER, '// three\n');
    open(tiny);
    expect(tiny.read(APP)).toBe('// three\n');
  });

  it('keeps every file when it is not known what was copied', () => {
    const tiny = begun();
    tiny.write(APP, '// mine\n');
    tiny.delete('.workshop');
    tiny.write(STARTER, '// the starter of the update\n');
    open(tiny);
    expect(tiny.read(APP)).toBe('// mine\n');
  });

  it('is made anew when it was deleted, and tells', () => {
    const tiny = tinyWorkshop();
    tiny.delete('work');
    expect(open(tiny)).toBe(false);
    expect(open(tiny)).toBe(false);
    tiny.delete('work');
    expect(open(tiny)).toBe(true);
    expect(tiny.read(APP)).toBe(tiny.read(STARTER));
    expect(open(tiny)).toBe(false);
  });

  it('takes other line ends for no change', () => {
    const tiny = begun();
    tiny.write(APP, tiny.read(STARTER).replaceAll('\n', '\r\n'));
    tiny.write(STARTER, '// two\n');
    open(tiny);
    expect(tiny.read(APP)).toBe('// two\n');
  });

  it('brings back a file beside the edited ones, and says how an app.ts comes back', () => {
    const tiny = tinyWorkshop();
    tiny.delete('work');
    tiny.write('lessons/01-hello/beside.ts', '// one\n');
    open(tiny);
    expect(describeMissing(tiny.lesson, tiny.root)).toBeUndefined();
    tiny.delete('work/01-hello/beside.ts');
    tiny.delete(APP);
    open(tiny);
    expect(tiny.read('work/01-hello/beside.ts')).toBe('// one\n');
    expect(describeMissing(tiny.lesson, tiny.root)).toBe(
      'work/01-hello/app.ts is gone. npm run reset 1   puts the starter back.',
    );
  });

  it.each(['null', '[]', '{ broken', '{"app.ts":7}'])(
    'keeps every file when the record of what was copied is %s',
    (text) => {
      const tiny = begun();
      tiny.write(APP, '// mine\n');
      tiny.write('.workshop/copied/01-hello.json', text);
      tiny.write(STARTER, '// the starter of the update\n');
      open(tiny);
      expect(tiny.read(APP)).toBe('// mine\n');
    },
  );

  it('names a folder in the place of the record', () => {
    const tiny = begun();
    tiny.delete('.workshop/copied');
    tiny.write('.workshop/copied/01-hello.json/note.txt', 'mine');
    expect(() => open(tiny)).toThrow(
      new EnvironmentError(
        '.workshop/copied/01-hello.json is not a file. Move it away, and run the command again.',
      ),
    );
  });

  it.each([
    ['the folder', 'lessons/01-hello'],
    ['its app.ts', STARTER],
  ])('stays as it is when %s of the starter is gone, and so does it at a reset', (_, gone) => {
    const tiny = begun();
    tiny.delete(gone);
    const words =
      /^lessons\/01-hello\/app\.ts is gone, .+ git checkout -- lessons\/01-hello .+work\/01-hello is untouched/s;
    for (const act of [() => open(tiny), () => reset(tiny)]) {
      expect(act).toThrow(EnvironmentError);
      expect(act).toThrow(words);
    }
    expect(existsSync(tiny.path(APP))).toBe(true);
    expect(existsSync(tiny.path('.workshop/attic'))).toBe(false);
  });

  it('is made anew when the whole folder was deleted', () => {
    const tiny = begun();
    tiny.delete('work');
    open(tiny);
    expect(tiny.read(APP)).toBe(tiny.read(STARTER));
  });
});

describe('reset', () => {
  it('puts the starter back, and keeps the version of the learner in the attic', () => {
    const tiny = begun();
    tiny.write(APP, '// mine\n');
    const attic = reset(tiny);
    expect(attic).toBe('.workshop/attic/01-hello-2026-11-23-12-00-00-001');
    expect(tiny.read(APP)).toBe(tiny.read(STARTER));
    expect(tiny.read(`${attic}/app.ts`)).toBe('// mine\n');
  });

  it('takes the files that the learner added to the attic', () => {
    const tiny = begun();
    tiny.write('work/01-hello/notes/today.txt', 'first');
    tiny.write('work/01-hello/extra.ts', 'second');
    const attic = reset(tiny);
    expect(existsSync(tiny.path('work/01-hello/notes/today.txt'))).toBe(false);
    expect(existsSync(tiny.path('work/01-hello/extra.ts'))).toBe(false);
    expect(tiny.read(`${attic}/notes/today.txt`)).toBe('first');
    expect(tiny.read(`${attic}/extra.ts`)).toBe('second');
  });

  it('makes a folder that was deleted, and has nothing to keep of it', () => {
    const tiny = begun();
    tiny.delete('work');
    expect(reset(tiny)).toBeUndefined();
    expect(tiny.read(APP)).toBe(tiny.read(STARTER));
    expect(existsSync(tiny.path('.workshop/attic'))).toBe(false);
  });

  it('puts a file back where the learner made a folder of that name', () => {
    const tiny = begun();
    tiny.delete(APP);
    tiny.write(`${APP}/inside.txt`, 'odd');
    const attic = reset(tiny);
    expect(tiny.read(APP)).toBe(tiny.read(STARTER));
    expect(tiny.read(`${attic}/app.ts/inside.txt`)).toBe('odd');
  });

  it('keeps both versions of two resets in a row', () => {
    const tiny = begun();
    tiny.write(APP, '// mine\n');
    const first = reset(tiny, NOON);
    tiny.write(APP, '// mine again\n');
    const second = reset(tiny, LATER);
    expect(tiny.read(`${first}/app.ts`)).toBe('// mine\n');
    expect(tiny.read(`${second}/app.ts`)).toBe('// mine again\n');
  });

  it('keeps the folder itself, which an editor or a running lesson may have open', () => {
    const tiny = begun();
    const before = statSync(tiny.path('work/01-hello')).ino;
    reset(tiny);
    expect(statSync(tiny.path('work/01-hello')).ino).toBe(before);
  });

  it('changes nothing when the attic cannot be written', () => {
    const tiny = begun();
    tiny.write(APP, '// mine\n');
    tiny.write('.workshop/attic', 'a file in its place');
    expect(() => reset(tiny)).toThrow(/^\.workshop\/attic\/01-hello-\S+ cannot be written \(\w+\)/);
    expect(tiny.read(APP)).toBe('// mine\n');
  });
});
