import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tinyWorkshop } from './fixtures/test-support.ts';
import { leaveNote, readNote } from './open-lesson-note.ts';

const URI = 'mongodb://127.0.0.1:40001/shop';
const FILE = '.workshop/open-lesson.json';

describe("an open lesson's note", () => {
  it('tells where its Mongo is, until the lesson closes', () => {
    const { root } = tinyWorkshop();
    const takeAway = leaveNote({ lesson: 6, uri: URI }, root);
    expect(readNote(root)).toEqual({ lesson: 6, uri: URI, pid: process.pid, since: expect.any(String) });
    takeAway();
    expect(readNote(root)).toBeUndefined();
  });

  it('stays when it is that of another lesson by then', () => {
    const tiny = tinyWorkshop();
    const takeAway = leaveNote({ lesson: 6, uri: URI }, tiny.root);
    const others = { lesson: 3, uri: URI, pid: process.ppid, since: '' };
    tiny.write(FILE, JSON.stringify(others));
    takeAway();
    expect(readNote(tiny.root)).toEqual(others);
  });

  it.skipIf(process.platform === 'win32')(
    'counts for nothing when a FIFO is in its place, and is not waited for',
    () => {
      const tiny = tinyWorkshop();
      tiny.write(FILE, '');
      rmSync(tiny.path(FILE));
      expect(spawnSync('mkfifo', [tiny.path(FILE)]).status).toBe(0);
      expect(readNote(tiny.root)).toBeUndefined();
    },
  );

  it('counts for nothing when its process has ended', () => {
    const tiny = tinyWorkshop();
    const { pid } = spawnSync(process.execPath, ['--version']);
    tiny.write(FILE, JSON.stringify({ lesson: 6, uri: URI, pid, since: '' }));
    expect(readNote(tiny.root)).toBeUndefined();
  });

  it.each(['', 'null', '{}', '[]', '{"lesson":6', '{"lesson":"6","uri":1,"pid":"x"}'])(
    'is none as %j',
    (text) => {
      const tiny = tinyWorkshop();
      tiny.write(FILE, text);
      expect(readNote(tiny.root)).toBeUndefined();
    },
  );
});
