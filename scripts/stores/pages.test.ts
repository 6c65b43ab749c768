import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { BEHAVIOURS } from './behaviours/index.ts';
import { findStore, knownStores, OWN } from './catalogue.ts';
import { bad, type Cell, ok, untested } from './kit/cell.ts';
import type { StoreResult } from './measured.ts';
import { backendOf, ownModule } from './own-module.ts';
import { renderHtml } from './page/html.ts';
import { renderMarkdown } from './page/markdown.ts';
import { pagesOf, shipped } from './results.ts';
import { failedMusts, mark } from './table.ts';

const all = (cell: Cell) => Object.fromEntries(BEHAVIOURS.map(({ id }) => [id, cell]));
const store = (name: string, cells: StoreResult['cells']): StoreResult => ({
  name,
  title: name,
  versions: ['a-store 1.2.3'],
  backend: 'redis-server 7.0.15',
  node: 'v20.20.2',
  measuredAt: '2026-03-01T12:00:00.000Z',
  size: 'full',
  cells,
});
const measured = {
  schema: 1,
  stores: [
    store('good', all(ok('well', 'seen'))),
    store('evil', all(bad('<b>|ill</b>', 'x </script><script>alert(1)</script>'))),
  ],
  skipped: [],
} as const;

it('the reference pages are what their measurements say', () => {
  for (const [path, text] of Object.entries(pagesOf(shipped()))) {
    expect(readFileSync(join(ROOT, path), 'utf8').replaceAll('\r\n', '\n'), path).toBe(text);
  }
});

it('the shipped measurements are of at least 20 stores, each with a verdict, evidence and versions', () => {
  const { stores } = shipped();
  expect(stores.length).toBeGreaterThanOrEqual(20);
  for (const { name, cells, versions, size } of stores) {
    const ids = BEHAVIOURS.map(({ id }) => id);
    expect(ids, name).toEqual(expect.arrayContaining(Object.keys(cells)));
    // A behaviour that is newer than the measurement is marked as such, and is measured next time.
    expect(ids.filter((id) => !cells[id]).length, name).toBeLessThanOrEqual(1);
    for (const cell of Object.values(cells)) expect(cell.evidence, name).toMatch(/\w/);
    expect(versions.length, name).toBeGreaterThan(0);
    expect(size).toBe('full');
  }
});

it('the table of lesson 12 says what was measured', () => {
  const lesson = readFileSync(join(ROOT, 'lessons/12-redis-or-mongodb/README.md'), 'utf8');
  const decide = lesson.split('## Decide')[1]?.split('\n## ')[0] ?? '';
  const lines = decide.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| --'));
  const [[, ...names] = [], ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(names).toEqual(['connect-mongodb-session', 'connect-mongo', 'connect-redis']);
  expect(rows.length).toBeGreaterThanOrEqual(4);
  for (const [title, ...cells] of rows) {
    const behaviour = BEHAVIOURS.find((each) => each.title === title);
    const measured = names.map((name) => {
      const cell = shipped().stores.find((store) => store.name === name)?.cells[behaviour?.id ?? ''];
      return behaviour && `${mark(cell, behaviour)} ${cell?.short}`;
    });
    expect(cells, title).toEqual(measured);
  }
});

it('the speeds in lesson 12 are those of the reference page', () => {
  const lesson = readFileSync(join(ROOT, 'lessons/12-redis-or-mongodb/README.md'), 'utf8');
  const cellsOf = (title: string) => {
    const line = lesson.split('\n').find((each) => each.startsWith(`| ${title}`)) ?? '';
    return line
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());
  };
  const speeds = ['connect-mongodb-session', 'connect-redis'].map(
    (name) => shipped().stores.find((store) => store.name === name)?.speed,
  );
  expect(cellsOf('looks a second²')).toEqual(['1', ...speeds.map((speed) => speed?.looks.toFixed(2))]);
  expect(cellsOf('changes a second²')).toEqual(['1', ...speeds.map((speed) => speed?.changes.toFixed(2))]);
});

it('a trap names the stores that were seen in it, and no other', () => {
  const [behaviour] = BEHAVIOURS;
  const cells = { ...all(ok('well', 'seen')), [behaviour?.id ?? '']: bad('ill', 'seen') };
  const page = renderMarkdown({
    ...measured,
    stores: [store('good', all(ok('well', 'seen'))), store('ill', cells)],
  });
  const traps = page.split('## The traps')[1]?.split('\n## ')[0] ?? '';
  expect(traps.match(/^- /gm)).toHaveLength(1);
  expect(traps).toContain(`- **${behaviour?.title}** (1 of 2). ${behaviour?.trap} Ill.`);
});

it('nothing that a library said becomes markup, and the page names no host', () => {
  const page = renderHtml(measured);
  expect(page).not.toContain('<script>alert');
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
  const markdown = renderMarkdown(measured);
  expect(markdown).not.toMatch(/<b>|[^\\]\|ill/);
});

it('a store fails what an app depends on, not what is good to have', () => {
  expect(failedMusts(store('a', all(untested('–', 'no server'))))).toEqual([]);
  expect(failedMusts(store('a', all(bad('ill', 'seen')))).every(({ must }) => must)).toBe(true);
});

it('the catalogue names its stores, and refuses others with the list', () => {
  expect(
    knownStores()
      .slice(0, OWN.length)
      .map(({ name }) => name),
  ).toEqual([...OWN]);
  expect(knownStores().length).toBeGreaterThanOrEqual(20);
  expect(() => findStore('conect-redis')).toThrow(/no store "conect-redis"[\s\S]+connect-redis/);
});

it('npm takes nothing but what has the checksum in the lock file, from whatever registry', () => {
  for (const { folder, isFetched } of knownStores()) {
    if (!isFetched) continue;
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    const { '': top, ...others } = packages;
    expect(Object.values(top.dependencies as object).join(' ')).not.toMatch(/[\^~*x]/);
    for (const [path, entry] of Object.entries(others)) {
      expect(entry, `${folder} ${path}`).toMatchObject({ integrity: expect.stringMatching(/^sha/) });
      expect(entry).not.toHaveProperty('resolved');
    }
  }
});

it.each([
  ['mongo', "import { MongoClient } from 'mongodb';"],
  ['redis', "const Redis = require('ioredis');"],
  ['postgres', "import pg from 'pg';"],
  ['files', "import { readFile } from 'node:fs/promises';"],
  ['memory', "import session from 'express-session';"],
  ['files', "import { open } from 'lmdb';"],
  ['valkey', "import { GlideClient } from '@valkey/valkey-glide';"],
  ['redis', "import { readFileSync } from 'node:fs';\nimport { Redis } from 'ioredis';"],
])('the backend of a store of one’s own is read from its imports: %s', (backend, source) => {
  expect(backendOf(source)).toBe(backend);
});

it('a file that is not there, and a backend that there is not, are said', () => {
  expect(() => ownModule('./no-such-store.ts', ROOT)).toThrow(/There is no file .*no-such-store\.ts/);
  expect(() => ownModule('./package.json', ROOT, 'oracle')).toThrow(
    /no backend "oracle". It can be memory, files/,
  );
});
