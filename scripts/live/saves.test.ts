import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isNoSave } from './saves.ts';

const WORK = join('/home', 'my-node_modules-course', 'node_modules', 'work', '03-session-config');

it.each([
  ['app.ts', false],
  ['views/page.ejs', false],
  ['NOTES.md', true],
  ['app.ts~', true],
  ['#app.ts#', true],
  ['node_modules/a/index.js', true],
  ['.DS_Store', true],
  ['views/.DS_Store', true],
  ['._app.ts', true],
  ['.app.ts.swp', true],
  ['desktop.ini', true],
])('in a folder whose own path has node_modules in it, %s counts as no save: %s', (file, ignored) => {
  expect(isNoSave(join(WORK, file), ['/elsewhere', WORK])).toBe(ignored);
});
