import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';

const TABLE = `
| option   | what it decides                                    | default |
| -------- | -------------------------------------------------- | ------- |
| \`secret\` | what signs the cookie; long, random, from outside  | none    |
| \`a: 1\`   | \`&\` for \`&amp;\`                                    | 5 < 6   |
`;
const render = (text: string, width: number) => stripVTControlCharacters(renderMarkdown(text, width));

describe('a table in the terminal', () => {
  it('has no frame, a column as wide as it needs, and its characters as they are', () => {
    expect(render(TABLE, 80)).toBe(`\
option  what it decides                                    default
──────  ─────────────────────────────────────────────────  ───────
secret  what signs the cookie; long, random, from outside  none
a: 1    & for &amp;                                        5 < 6`);
  });

  it('wraps the widest column where it is too wide, and stays within the width', () => {
    expect(render(TABLE, 50)).toBe(`\
option  what it decides                    default
──────  ─────────────────────────────────  ───────
secret  what signs the cookie; long,       none
        random, from outside
a: 1    & for &amp;                        5 < 6`);
  });

  it('stays within the width in a list, too', () => {
    const inList = `1. So:\n\n${TABLE.trim().replace(/^/gm, '   ')}\n`;
    const lines = render(inList, 60).split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines.join('\n')).toContain('     secret  what signs the cookie; long, random,    none');
  });
});
