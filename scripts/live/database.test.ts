import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findLessons, lessonNumbered } from '../course/lessons.ts';
import { openDatabase } from './database.ts';

it.each([
  ['3', /^mongodb:\/\/127\.0\.0\.1:\d+\/shop .*in memory$/],
  ['4', /^MONGODB_HOST, from \.env or your environment$/],
])('with MONGODB_HOST in .env, lesson %s names the one database that its shop takes', async (n, words) => {
  const root = mkdtempSync(join(tmpdir(), 'database-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, '.env'), 'MONGODB_HOST=127.0.0.1:27017\nMONGODB_USER=ann\nMONGODB_PASSWORD=p\n');
  const database = await openDatabase(lessonNumbered(n, findLessons()), root);
  onTestFinished(() => database.close());
  expect(database.words).toMatch(words);
});
