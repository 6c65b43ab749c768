import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failedLately, forgetFailure, rememberFailure } from './download-memory.ts';

const HOUR = 60 * 60 * 1000;
const NOW = Date.parse('2026-01-02T03:04:05Z');

let root: string;
const file = () => join(root, '.workshop', 'mongod-download.json');
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workshop-test-'));
  vi.stubEnv('MONGOMS_DOWNLOAD_URL', '');
  vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', 'https://user:secret@mirror.example/mongo');
  vi.stubEnv('MONGOMS_VERSION', '8.2.6');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

test('a failure is remembered for a day', () => {
  expect(failedLately(root, NOW)).toBe(false);
  rememberFailure(root, 'gone', NOW);
  expect(failedLately(root, NOW)).toBe(true);
  expect(failedLately(root, NOW + 24 * HOUR - 1)).toBe(true);
  expect(failedLately(root, NOW + 24 * HOUR)).toBe(false);
  forgetFailure(root);
  expect(failedLately(root, NOW)).toBe(false);
  expect(existsSync(file())).toBe(false);
});

test('one from the future is none, as after a clock was set back', () => {
  rememberFailure(root, 'gone', NOW + HOUR);
  expect(failedLately(root, NOW)).toBe(false);
});

test.each(['MONGOMS_DOWNLOAD_MIRROR', 'MONGOMS_DOWNLOAD_URL'])('another %s is another matter', (name) => {
  rememberFailure(root, 'gone', NOW);
  vi.stubEnv(name, 'https://other.example/');
  expect(failedLately(root, NOW)).toBe(false);
});

test('another version is another matter', () => {
  rememberFailure(root, 'gone', NOW);
  vi.stubEnv('MONGOMS_VERSION', '7.0.14');
  expect(failedLately(root, NOW)).toBe(false);
});

test('the password of a mirror is not written down', async () => {
  rememberFailure(root, 'gone', NOW);
  expect(await readFile(file(), 'utf8')).toBe(
    '{"at":1767323045000,"source":"mirror.example/mongo 8.2.6","reason":"gone"}\n',
  );
});

test.each(['', '{', 'null', '[]', '{"at":"yesterday"}', '\0\0'])(
  'a file with %j is no memory',
  async (content) => {
    rememberFailure(root, 'gone', NOW);
    await writeFile(file(), content);
    expect(failedLately(root, NOW)).toBe(false);
    rememberFailure(root, 'gone', NOW);
    expect(failedLately(root, NOW)).toBe(true);
  },
);

test('a folder that cannot be written is no error', async () => {
  await writeFile(join(root, '.workshop'), 'a file in its place');
  rememberFailure(root, 'gone', NOW);
  expect(failedLately(root, NOW)).toBe(false);
  forgetFailure(root);
});
