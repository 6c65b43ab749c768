import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import writeFileAtomic from 'write-file-atomic';
import { writeWhole } from './write-whole.ts';

let file: string;
beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'write-whole-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  file = join(dir, 'progress.json');
  writeFileSync(file, 'old');
});

/** Windows, where a virus scanner has the file open at the first `times` tries. */
function held(times: number) {
  const replace = vi.fn<typeof writeFileAtomic.sync>((...args) => {
    if (times-- > 0) throw Object.assign(new Error('held'), { code: 'EPERM' });
    writeFileAtomic.sync(...args);
  });
  return {
    replace,
    write: (patienceMs: number) =>
      writeWhole(file, 'new', {}, replace as never, { platform: 'win32', patienceMs }),
  };
}

it('is written when the file is released', () => {
  const { replace, write } = held(2);
  write(60_000);
  expect(replace).toHaveBeenCalledTimes(3);
  expect(readFileSync(file, 'utf8')).toBe('new');
});

it('is written into the file that nobody releases, and nothing lies beside it', () => {
  held(Number.POSITIVE_INFINITY).write(20);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(join(file, '..'))).toEqual(['progress.json']);
});

it('says why it cannot be written', () => {
  expect(() => writeWhole(join(file, 'below a file'), 'new')).toThrow(/ENOTDIR|ENOENT/);
});
