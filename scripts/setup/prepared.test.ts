import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDraft, preparedFolder, settleDraft } from './prepared.mjs';

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
