import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeSync } from '../../setup/files.mjs';
import { ROOT } from '../../shared/paths.ts';
import { typeErrors } from './type-errors.ts';

/** A folder in work/, with an answer of one line. */
function answer(line: string): string {
  mkdirSync(join(ROOT, 'work'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'work', 'types-'));
  onTestFinished(() => removeSync(folder));
  writeFileSync(join(folder, 'app.ts'), `${line}\n`);
  return folder;
}

it('names the place and the words of a type error', async () => {
  const folder = answer(`export const port: number = 'three';`);
  expect(await typeErrors(folder)).toEqual([
    {
      place: `work/${basename(folder)}/app.ts:1`,
      words: "TS2322: Type 'string' is not assignable to type 'number'.",
    },
  ]);
});

it('knows the types of the package of lesson 4', async () => {
  const folder = answer('');
  cpSync(join(ROOT, 'solutions', '04-connection-string'), folder, { recursive: true });
  expect(await typeErrors(folder)).toEqual([]);
});

it('finds nothing in a right answer, and says nothing when nobody waits for it any more', async () => {
  const folder = answer('export const port: number = 3000;');
  expect(await typeErrors(folder)).toEqual([]);
  const controller = new AbortController();
  const look = typeErrors(folder, controller.signal);
  controller.abort();
  expect(await look).toBeUndefined();
});
