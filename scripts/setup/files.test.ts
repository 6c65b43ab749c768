import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { copySync, linkOrCopySync, moveSync, removeSync, whenReleased } from './files.mjs';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'Jürgen Ωμέγα '));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
});

const at = (...names: string[]) => join(dir, ...names);
const WINDOWS = { platform: 'win32', patienceMs: 60_000 };

/** An action that the system refuses the first `times` times. */
function refusing(code: string, times: number, action: () => unknown = () => 'done') {
  return vi.fn(() => {
    if (times-- > 0) throw Object.assign(new Error(code), { code });
    return action();
  });
}

it.each(['EPERM', 'EACCES', 'EBUSY', 'ENOTEMPTY'])('Windows is asked again after %s', (code) => {
  const action = refusing(code, 3);
  expect(whenReleased(action, WINDOWS)).toBe('done');
  expect(action).toHaveBeenCalledTimes(4);
});

it('what Windows refuses for good is its error, when the time for it is over', () => {
  const action = refusing('EPERM', Number.POSITIVE_INFINITY);
  expect(() => whenReleased(action, { ...WINDOWS, patienceMs: 50 })).toThrow('EPERM');
  expect(action.mock.calls.length).toBeGreaterThan(1);
});

it.each([
  ['win32', 'ENOENT'],
  ['linux', 'EPERM'],
  ['darwin', 'EBUSY'],
])('on %s an %s is final', (platform, code) => {
  const action = refusing(code, 1);
  expect(() => whenReleased(action, { ...WINDOWS, platform })).toThrow(code);
  expect(action).toHaveBeenCalledTimes(1);
});

it('moves a file over another one that is released meanwhile', () => {
  writeFileSync(at('new'), 'new');
  writeFileSync(at('old'), 'old');
  const rename = refusing('EPERM', 2, () => renameSync(at('new'), at('old')));
  moveSync(at('new'), at('old'), { ...WINDOWS, rename: rename as unknown as typeof renameSync });
  expect(readFileSync(at('old'), 'utf8')).toBe('new');
  expect(existsSync(at('new'))).toBe(false);
});

it('does not wait where a folder is in the way', () => {
  mkdirSync(at('new'));
  mkdirSync(at('old', 'inside'), { recursive: true });
  const rename = refusing('EPERM', Number.POSITIVE_INFINITY);
  expect(() =>
    moveSync(at('new'), at('old'), { ...WINDOWS, rename: rename as unknown as typeof renameSync }),
  ).toThrow('EPERM');
  expect(rename).toHaveBeenCalledTimes(1);
});

it('removes a folder with all in it, and nothing of where a link leads', () => {
  mkdirSync(at('kept'));
  writeFileSync(at('kept', 'file'), '');
  mkdirSync(at('gone', 'deep'), { recursive: true });
  writeFileSync(at('gone', 'deep', 'ü'), '');
  symlinkSync(at('kept'), at('gone', 'deep', 'link'), 'junction');
  removeSync(at('gone'));
  removeSync(at('never there'));
  expect([existsSync(at('gone')), existsSync(at('kept', 'file'))]).toEqual([false, true]);
});

it('copies what is wanted of a folder', () => {
  mkdirSync(at('from', 'deep'), { recursive: true });
  for (const name of ['a', '.env']) writeFileSync(at('from', 'deep', name), name);
  copySync(at('from'), at('to'), (path) => !path.endsWith('.env'));
  expect(readFileSync(at('to', 'deep', 'a'), 'utf8')).toBe('a');
  expect(existsSync(at('to', 'deep', '.env'))).toBe(false);
});

it.each(['EPERM', 'ENOTSUP', 'UNKNOWN'])('copies where a link ends with %s', (code) => {
  mkdirSync(at('from'));
  writeFileSync(at('from', 'file'), 'text');
  linkOrCopySync(at('from'), at('linked'));
  linkOrCopySync(at('from'), at('copied'), () => {
    throw Object.assign(new Error(code), { code });
  });
  expect(lstatSync(at('linked')).isSymbolicLink()).toBe(true);
  expect(lstatSync(at('copied')).isDirectory()).toBe(true);
  expect(readFileSync(at('copied', 'file'), 'utf8')).toBe('text');
});
