import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from '../shared/errors.ts';
import { chooseFolder } from './folder.ts';

let home: string;
let root: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  root = join(home, 'workshop');
  mkdirSync(root);
});
afterEach(() => rmSync(home, { recursive: true }));

/** A folder that looks like a kit from outside. */
function kitAt(folder: string): void {
  mkdirSync(join(folder, 'kit'), { recursive: true });
  writeFileSync(join(folder, 'kit', 'kit.json'), '{}');
}
const refused = (given: string | undefined, words: RegExp) => {
  expect(() => chooseFolder(given, root, home)).toThrow(UsageError);
  expect(() => chooseFolder(given, root, home)).toThrow(words);
};

it('is .workshop/kit, or the one that was named, seen from where it was typed', () => {
  expect(chooseFolder(undefined, root, home)).toBe(join(root, '.workshop', 'kit'));
  expect(chooseFolder('stick', root, home)).toBe(join(home, 'stick'));
});

it('may be an empty folder, or an older kit', () => {
  mkdirSync(join(home, 'stick'));
  expect(chooseFolder('stick', root, home)).toBe(join(home, 'stick'));
  kitAt(join(home, 'stick'));
  expect(chooseFolder('stick', root, home)).toBe(join(home, 'stick'));
});

it('is never one with something else in it, nor a kit that somebody works in', () => {
  writeFileSync(join(home, 'letter'), 'Dear Ann');
  refused('letter', /is a file/);
  refused('.', /holds something else than a kit.*session-shop/);
  kitAt(join(home, 'stick'));
  mkdirSync(join(home, 'stick', '.workshop'));
  refused('stick', /^Somebody has worked in/);
});

it('does not lie in what goes into the kit', () => {
  refused('workshop', /lies in the workshop/);
  refused('workshop/lessons/kit', /lies in the workshop/);
  refused('workshop/.workshop', /lies in the workshop/);
});

it('is not made of a kit', () => {
  kitAt(root);
  refused(undefined, /is a kit already\. Copy it/);
});
