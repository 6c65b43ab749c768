import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const shown = (columns: number, name: string, line: string) =>
  stripVTControlCharacters(sideBySide(['A', 'B'], columns)(name, line));

it('puts names in front of lines where columns would be narrow', () => {
  expect(shown(80, 'A', 'GET /')).toBe('A │ GET /');
  expect(shown(80, 'B', 'x'.repeat(100))).toBe(`B │ ${'x'.repeat(100)}`);
});

it('gives each instance a column of its own in a wide terminal, and keeps to it', () => {
  expect(shown(120, 'A', 'GET /')).toBe('A │ GET /');
  expect(shown(120, 'B', 'GET /')).toBe(`${' '.repeat(60)}B │ GET /`);
  const lines = shown(120, 'B', 'word '.repeat(40)).split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    expect(line).toMatch(/^ {60}B │ /);
    expect(line.length).toBeLessThanOrEqual(120);
  }
});
