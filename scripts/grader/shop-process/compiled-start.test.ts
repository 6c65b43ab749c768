import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { buildStart, START_FILES, startFile } from './compiled-start.ts';

/** A start folder of its own, freshly built. */
function startFolder(): string {
  const folder = tinyWorkshop().path('start');
  mkdirSync(folder);
  buildStart(folder);
  return folder;
}

it('is made of the files that its name depends on', () => {
  const folder = tinyWorkshop().path('start');
  mkdirSync(folder);
  expect(buildStart(folder).sort()).toEqual([...START_FILES].sort());
});

it('is made once, and kept', () => {
  expect(existsSync(startFile())).toBe(true);
  expect(startFile()).toBe(startFile());
});

/** The output of a module that is imported after the start. */
function printedAfterStart(folder: string, module: string): string {
  const file = `${folder}/asks.mjs`;
  writeFileSync(file, `import './start.mjs';\n${module}\nprocess.exit();\n`);
  return execFileSync(process.execPath, [file], { encoding: 'utf8' });
}

it('provides packages that are the same for whoever imports or requires them, also from its cache', () => {
  const folder = startFolder();
  const cache = `${folder}/packages.cjs.v8`;
  const asks = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const names = ['express', 'express-session', 'connect-mongodb-session', 'mongodb', 'redis'];
const same = [];
for (const name of names) same.push((await import(name)).default === require(name));
const Store = require('connect-mongodb-session')(require('express-session'));
// Node looks for the names of its exports in some of its 579 files.
const isOneFile = Object.keys(require.cache).filter((file) => file.includes('@redis')).length < 20;
console.log(same.join(), isOneFile, new Store.prototype.constructor({}, () => {}) instanceof require('express-session').Store);`;
  const expected = 'true,true,true,true,true true true\n';
  expect(existsSync(cache)).toBe(false);
  expect(printedAfterStart(folder, asks)).toBe(expected);
  const { mtimeMs } = statSync(cache);
  expect(printedAfterStart(folder, asks)).toBe(expected);
  expect(statSync(cache).mtimeMs).toBe(mtimeMs);
});

it('starts with a cache that is damaged, and writes another one', () => {
  const folder = startFolder();
  writeFileSync(`${folder}/packages.cjs.v8`, 'damaged');
  expect(printedAfterStart(folder, "console.log(typeof (await import('express')).default);")).toBe(
    'function\n',
  );
  expect(statSync(`${folder}/packages.cjs.v8`).size).toBeGreaterThan(100_000);
});
