import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeSync } from '../setup/files.mjs';
import { EnvironmentError } from './errors.ts';
import { unwritable, writeState } from './state-dir.ts';

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'state-dir-'));
  onTestFinished(() => removeSync(root));
  return root;
}

it('writes a file and the folders that it is in', () => {
  const root = folder();
  const file = join(root, '.workshop', 'labs', 'memory.json');
  writeState(file, '{}\n', root);
  expect(readFileSync(file, 'utf8')).toBe('{}\n');
});

it('names the place that the system refuses', () => {
  const root = folder();
  mkdirSync(join(root, '.workshop'));
  writeFileSync(join(root, '.workshop', 'labs'), 'a file where a folder should be');
  const write = () => writeState(join(root, '.workshop', 'labs', 'memory.json'), '', root);
  expect(write).toThrow(EnvironmentError);
  expect(write).toThrow(/^\.workshop\/labs\/memory\.json cannot be written \(E\w+\)/);
});

it('says of any other error what it is', () => {
  const mistake = new TypeError('rows is not iterable');
  expect(unwritable('page.html', '.', mistake)).toBe(mistake);
});
