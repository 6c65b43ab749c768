import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { buildStart, compiledStart, START_FILES } from './compiled-start.ts';

vi.setConfig({ testTimeout: 60_000 });

it('is made of the files that its name depends on', () => {
  const folder = tinyWorkshop().path('start');
  mkdirSync(folder);
  expect(buildStart(folder).sort()).toEqual([...START_FILES].sort());
});

it('is made once, and kept', () => {
  expect(existsSync(compiledStart('start'))).toBe(true);
  expect(compiledStart('start')).toBe(compiledStart('start'));
});

/** What a module prints that is imported after the start. */
function printedAfterStart(folder: string, module: string): string {
  const file = `${folder}/asks.mjs`;
  writeFileSync(file, `import './start.mjs';\n${module}\nprocess.exit();\n`);
  return execFileSync(process.execPath, [file], { encoding: 'utf8' });
}

it('provides packages that are the same for whoever imports or requires them, also from the cache that it keeps when asked to', () => {
  const folder = tinyWorkshop().path('start');
  mkdirSync(folder);
  buildStart(folder);
  const asks = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const names = ['express', 'express-session', 'connect-mongodb-session', 'mongodb', 'redis'];
const same = [];
for (const name of names) same.push((await import(name)).default === require(name));
const Store = require('connect-mongodb-session')(require('express-session'));
console.log(same.join(), new Store.prototype.constructor({}, () => {}) instanceof require('express-session').Store);`;
  const expected = 'true,true,true,true,true true\n';
  expect(printedAfterStart(folder, asks)).toBe(expected);
  expect(existsSync(`${folder}/packages.cjs.v8`)).toBe(false);
  printedAfterStart(folder, `${asks}\nprocess.emit('message', { keepCompiled: true });`);
  for (const bundle of ['packages', 'redis']) expect(existsSync(`${folder}/${bundle}.cjs.v8`)).toBe(true);
  expect(printedAfterStart(folder, asks)).toBe(expected);
});

it('starts without a cache that is damaged', () => {
  const folder = tinyWorkshop().path('start');
  mkdirSync(folder);
  buildStart(folder);
  writeFileSync(`${folder}/packages.cjs.v8`, 'damaged');
  expect(printedAfterStart(folder, "console.log(typeof (await import('express')).default);")).toBe(
    'function\n',
  );
});
