import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { wrapHanging } from '../shared/wrap.ts';
import { renderDiff } from './diff.ts';
import { tinyWorkshop } from './fixtures/test-support.ts';
import { readHints } from './hints.ts';
import { renderMarkdown } from './markdown.ts';

describe('a diff', () => {
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}\n`).join('');
  const diff = (before: string, after: string, context?: number) =>
    stripVTControlCharacters(renderDiff(before, after, context)).split('\n');

  it('shows what goes and what comes', () => {
    expect(diff('a\nb\n', 'a\nc\n')).toEqual(['    a', '  - b', '  + c']);
  });

  it('shows only the neighbourhood of a change, and that there is more', () => {
    expect(diff(lines(1, 9), `${lines(1, 4)}new\n${lines(5, 9)}`, 2)).toEqual([
      '    …',
      '    line 3',
      '    line 4',
      '  + new',
      '    line 5',
      '    line 6',
      '    …',
    ]);
  });

  it('shows one gap between two changes', () => {
    const after = `new\n${lines(1, 9)}new\n`;
    expect(diff(lines(1, 9), after, 1)).toEqual(['  + new', '    line 1', '    …', '    line 9', '  + new']);
  });

  it('starts from nothing when the file is gone', () => {
    expect(diff('', 'a\nb\n')).toEqual(['  + a', '  + b']);
  });

  it('keeps empty lines', () => {
    expect(diff('a\n', 'a\n\n\nb\n')).toEqual(['    a', '  + ', '  + ', '  + b']);
  });
});

describe('Markdown in the terminal', () => {
  const render = (text: string, width?: number) => stripVTControlCharacters(renderMarkdown(text, width));

  it.each(['ts', 'ts file=solutions/01-hello/app.ts', 'ts sketch', 'sh', 'unheard-of', ''])(
    'shows code with the fence "%s"',
    (info) => {
      const text = render(`Before.\n\n\`\`\`${info}\nconst a = 'b';\n\`\`\`\n\nAfter.`);
      expect(text).toMatch(/^Before\.\s+const a = 'b';\s+After\.$/);
    },
  );

  it('shows headings without their signs, and wraps prose', () => {
    expect(render('# Say hello\n\none two three\nfour five six', 20)).toBe(
      'Say hello\n\none two three four\nfive six',
    );
  });

  it('shows the marks of none of its forms', () => {
    const text = render('A `code`, **strong** and _soft_ [link](https://example.com), 5 < 6 & "so".');
    expect(text).toMatch(/^A code, strong and soft link.*, 5 < 6 & "so"\.$/);
  });

  it('shows the marks of none of its forms in a list either', () => {
    const text = render('1. First: `session()`\n2. **Then** the _rest_\n');
    expect(text).toMatch(/1\. First: session\(\)\s+2\. Then the rest/);
  });
});

describe('wrapping', () => {
  it.each([
    ['fits', 'one two', 20, ['one two']],
    ['fits to the last column', 'one two three four f', 20, ['one two three four f']],
    ['one column too many', 'one two three four fi', 20, ['one two three four', 'fi']],
    ['a path', 'look at lessons/01-hello/app.ts:31', 20, ['look at', 'lessons/01-hello/app.ts:31']],
    ['a list', '  1. one two three four five', 25, ['  1. one two three four', '     five']],
    ['a list with stars', '* one two three four five', 22, ['* one two three four', '  five']],
    ['the frame of a table', '│ one two three │ four five │', 20, ['│ one two three │ four five │']],
    ['nothing', '', 20, ['']],
  ])('%s', (_, line, width, lines) => {
    expect(wrapHanging(line, width)).toEqual(lines);
  });

  it('counts columns, not the colours or the bytes', () => {
    const green = '\u001b[32mone two three\u001b[39m';
    expect(wrapHanging(`${green} four`, 20).map(stripVTControlCharacters)).toEqual(['one two three four']);
    expect(wrapHanging('会話 会話 会話 会話 会話', 20)).toEqual(['会話 会話 会話 会話', '会話']);
  });
});

describe('hints', () => {
  const read = (text: string) => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/01-hello/hints.md', text);
    return Object.fromEntries(readHints(tiny.path('lessons/01-hello/hints.md')));
  };
  const TEXT = '# Hints\n\n## 1.1 the cookie\n\n1. a\n2. `b`\n3. c\n\n## 1.2 the cart\n\n1. d\n2. e\n3. f\n';
  const LADDERS = { '1.1': ['a', '`b`', 'c'], '1.2': ['d', 'e', 'f'] };

  it('are a ladder for each step', () => {
    expect(read(TEXT)).toEqual(LADDERS);
  });

  it('are read with the line ends of Windows', () => {
    expect(read(TEXT.replaceAll('\n', '\r\n'))).toEqual(LADDERS);
  });

  it('are none in a list that belongs to no step', () => {
    expect(read('# Hints\n\n1. for whom?\n\n## Later 1.1\n\n1. for whom?\n\n## 1.2\n\n1. d\n')).toEqual({
      '1.2': ['d'],
    });
  });

  it('may hold code', () => {
    expect(read('## 1.1\n\n1. so:\n\n   ```ts sketch\n   a();\n   ```\n')['1.1']?.[0]).toContain('a();');
  });

  it('are none without a file', () => {
    expect(readHints(tinyWorkshop().path('gone.md'))).toEqual(new Map());
  });
});
