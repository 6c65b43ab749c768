import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { Reader } from './reader.ts';

/** A screen of 80 columns, and what was written on it since it was last read. */
function screen(rows: number | undefined) {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const look = () => {
    const text = stripVTControlCharacters(written);
    written = '';
    return text;
  };
  const size = { isTTY: rows !== undefined, columns: 80, rows, write };
  return { reader: new Reader(size), look, size };
}
const TEXT = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n');

it('shows the beginning of a text first, and goes on, back, and to its end by keys', () => {
  const { reader, look } = screen(16);
  reader.open(() => TEXT, 'lessons/01/README.md');
  const first = look();
  expect(first).toMatch(/^\rline 1\n[\s\S]*line 14\n/);
  expect(first).toContain('1/3   space: more   Enter: to the steps   lessons/01/README.md');
  expect(first).not.toContain('line 15');
  expect([reader.takes(' '), look()]).toEqual([true, expect.stringContaining('line 15\n')]);
  expect([reader.takes('b'), look()]).toEqual([true, expect.stringContaining('line 1\n')]);
  reader.takes(' ');
  reader.takes(' ');
  expect(look()).toContain('line 30\n');
  reader.takes(' ');
  reader.print('after');
  expect(look()).toContain('after\n');
  reader.again();
  expect(look()).toContain('line 1\n');
});

it('holds back what is printed while the text is read, up to a limit, and tells the news', () => {
  const { reader, look } = screen(16);
  reader.open(() => TEXT, 'name');
  for (let i = 0; i < 1000; i++) reader.print(`printed ${i}`);
  expect(look()).not.toContain('printed');
  reader.news('2 of 5 steps pass');
  expect(look()).toContain('2 of 5 steps pass   1/3');
  expect(reader.takes('\r')).toBe(true);
  const lines = look().match(/printed \d+/g);
  expect([lines?.length, lines?.at(-1)]).toEqual([500, 'printed 999']);
});

it('ends reading by a key that means something else, which is then done', () => {
  const { reader } = screen(16);
  reader.open(() => TEXT, 'name');
  expect(reader.takes('h')).toBe(false);
  expect(reader.takes(' ')).toBe(false);
});

it('prints all of it where there is no terminal', () => {
  const { reader, look } = screen(undefined);
  reader.open(() => TEXT, 'name');
  reader.print('at once');
  expect(look()).toBe(`\n${TEXT}\nat once\n`);
});

it('wraps each page for the width that the terminal has then, and stays near the words that were read', () => {
  const { reader, look, size } = screen(16);
  const wrap = (columns: number) =>
    Array.from({ length: 40 }, (_, i) => (columns < 80 ? `a${i}\nb${i}` : `a${i} b${i}`)).join('\n');
  reader.open(wrap, 'name');
  reader.takes(' ');
  look();
  Object.assign(size, { columns: 40, rows: 12 });
  reader.takes(' ');
  const narrow = look();
  expect(narrow).toMatch(/^\r(?:[ab]\d+\n){10}\r \d\/8 /);
  expect(narrow).toMatch(/a1[4-9]\nb1/);
  reader.again();
  expect(look()).toMatch(/^\ra0\nb0\n[\s\S]*\r 1\/8 /);
});

it('does not end a page with a heading', () => {
  const { reader, look } = screen(12);
  const text = [...Array.from({ length: 7 }, (_, i) => `line ${i}`), '', 'Do it', '', 'more'].join('\n');
  reader.open(() => text, 'name');
  expect(look()).not.toContain('Do it');
  reader.takes(' ');
  expect(look()).toMatch(/^\rDo it\n\nmore\n/);
});
