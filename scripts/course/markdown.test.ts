import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findLessons } from './lessons.ts';
import { renderMarkdown } from './markdown.ts';

const render = (text: string, width = 80) => stripVTControlCharacters(renderMarkdown(text, width));

describe.each(findLessons().map(({ folder, dir }) => [folder, readFileSync(join(dir, 'README.md'), 'utf8')]))(
  'the text of %s in the terminal',
  (_, text) => {
    const lines = render(text).split('\n');

    it('holds no raw escape and no mark of Markdown', () => {
      const prose = lines.filter((line) => !line.startsWith('    '));
      expect(prose.filter((line) => /\[\d+m|\*#|\*\*|^#+ [A-Z]|\]\(|&(?:lt|quot);/.test(line))).toEqual([]);
    });

    it('breaks no word at the edge: a longer line is a single word, or code', () => {
      const long = lines.filter((line) => line.length > 80 && !line.startsWith('    '));
      expect(long.filter((line) => /\S\s+\S/.test(line.trim().replace(/^(?:\d+\.|\*) /, '')))).toEqual([]);
    });

    it('counts its lists without a restart', () => {
      const source = [...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
      const shown = lines
        .map((line) => /^ {2}(\d+)\. /.exec(line)?.[1])
        .filter(Boolean)
        .map(Number);
      expect(shown).toEqual(source);
    });
  },
);

it('goes on counting after a table in a list', () => {
  const text = '1. one\n2. two:\n\n   | a | b |\n   | - | - |\n   | 1 | 2 |\n\n3. three\n';
  expect(render(text).match(/^ {2}\d\./gm)).toEqual(['  1.', '  2.', '  3.']);
});

it('begins a list with the number that the text has', () => {
  expect(render('7. seven\n8. eight\n')).toBe('  7. seven\n  8. eight');
});

it('indents a list in a list', () => {
  expect(render('- one\n  - two\n- three\n')).toBe('  * one\n      * two\n  * three');
});

it('shows a comment in code once', () => {
  expect(render('```ts\n// one\nconst a = 1; /* two\nthree */\n```\n')).toBe(
    '    // one\n    const a = 1; /* two\n    three */',
  );
});
