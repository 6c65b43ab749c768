import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import type { Problem } from './problem.ts';

const entries: [string, Problem][] = Object.entries(CATALOGUE);

test.each(entries)('%s is written down in full', (id, { says, cause, fix, lesson }) => {
  expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  for (const words of [...says, cause, fix]) expect(words.trim()).toBe(words);
  expect(cause).toMatch(/\.$/);
  expect(fix).not.toBe('');
  expect(lesson ?? 1).toBeGreaterThan(0);
  expect(lesson ?? 1).toBeLessThanOrEqual(12);
});

test('the doctor says every one of them somewhere: none is left over', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^[\w-]+\.ts$/.test(name));
  const sources = ['../commands/doctor.ts', ...files].map((name) =>
    readFileSync(join(import.meta.dirname, name), 'utf8'),
  );
  const said = sources.join('\n').matchAll(/(?:fault|warning)\(\s*'([\w-]+)'/g);
  expect([...new Set([...said].map(([, id]) => id))].sort()).toEqual(Object.keys(CATALOGUE).sort());
});
