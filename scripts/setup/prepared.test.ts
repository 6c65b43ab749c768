import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isAsMade, openDraft, preparedFolder, settleDraft } from './prepared.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepared-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules/.package-lock.json'), '{}');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

function make(what: string): string {
  const folder = preparedFolder(root, what, []);
  settleDraft(openDraft(folder), folder);
  return folder;
}

function age(folder: string, days: number): void {
  const then = new Date(Date.now() - days * DAY_MS);
  utimesSync(folder, then, then);
}

it('removes a folder that no process has used for a week', () => {
  const unused = join(dirname(make('other')), 'start-0123456789abcdef');
  mkdirSync(unused);
  age(unused, 8);
  make('commands');
  expect(existsSync(unused)).toBe(false);
});

it('keeps a folder that is used again, however old it is', () => {
  const folder = make('start');
  age(folder, 8);
  expect(preparedFolder(root, 'start', [])).toBe(folder);
  make('commands');
  expect(existsSync(folder)).toBe(true);
});

it('keeps a folder while the process that uses it runs', () => {
  vi.useFakeTimers();
  const folder = make('start');
  vi.advanceTimersByTime(30 * DAY_MS);
  make('commands');
  expect(existsSync(folder)).toBe(true);
});

it.each([
  ['changed', (folder: string) => writeFileSync(join(folder, 'start.mjs'), 'export default 2;')],
  ['removed', (folder: string) => rmSync(join(folder, 'start.mjs'))],
  ['added', (folder: string) => writeFileSync(join(folder, 'chalk.js'), '')],
  ['no longer listed', (folder: string) => writeFileSync(join(folder, 'sealed.json'), '{}')],
])('removes a folder with a file that was %s since it was made, and no other', (_, meddle) => {
  const folder = preparedFolder(root, 'start', []);
  const draft = openDraft(folder);
  writeFileSync(join(draft, 'start.mjs'), 'export default 1;');
  settleDraft(draft, folder);
  expect(isAsMade(folder)).toBe(true);
  // V8's cache is written later, and V8 verifies it.
  writeFileSync(join(folder, 'packages.cjs.v8'), 'later');
  expect(isAsMade(folder)).toBe(true);
  meddle(folder);
  expect(isAsMade(folder)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});
