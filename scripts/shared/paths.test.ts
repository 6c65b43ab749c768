import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { ROOT, withShownPaths } from './paths.ts';

const DIR = join(ROOT, '100% Jürgen (1)', '01-hello');

it.each([
  ['a path', `at createApp (${join(DIR, 'app.ts')}:3:9)`],
  ['a path of Windows', `at createApp (${DIR}\\app.ts:3:9)`],
  ['a URL', `at createApp (${pathToFileURL(DIR).href}/app.ts:3:9)`],
])('shows a file in a stack as the workshop names it: %s', (_, line) => {
  expect(withShownPaths(line, DIR)).toBe('at createApp (100% Jürgen (1)/01-hello/app.ts:3:9)');
});

it('leaves paths elsewhere as they are', () => {
  expect(withShownPaths(`in ${ROOT}/other/app.ts`, DIR)).toBe(`in ${ROOT}/other/app.ts`);
});
