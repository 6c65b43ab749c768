import { describe, expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { proseProblems, staleExcerpts, unknownCommands } from './prose.ts';

const README = 'lessons/01-hello/README.md';
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

it('finds nothing to say about a workshop whose prose is true', () => {
  expect(proseProblems(tinyWorkshop().root)).toEqual([]);
});

describe('where it looks', () => {
  it.each([
    'README.md',
    'CONTRIBUTING.md',
    README,
    'lessons/01-hello/hints.md',
    'solutions/01-hello/NOTES.md',
    'checks/README.md',
  ])('%s', (file) => {
    const tiny = tinyWorkshop();
    tiny.write(file, '`npm run cheat`');
    expect(proseProblems(tiny.root)).toEqual([
      { where: file, what: 'It shows the command "cheat", which package.json does not have.' },
    ]);
  });
});

describe('commands', () => {
  const told = (text: string) => unknownCommands(text, ['check', 'test:browser']);

  it.each([
    'npm run chek 3',
    'npm run -s chek',
    'npm run --silent chek',
    '`npm run check` and `npm run chek`',
  ])('unknown: %s', (text) => {
    expect(told(text)).toEqual(['It shows the command "chek", which package.json does not have.']);
  });

  it.each(['test', 'start'])('unknown, in its short form: npm %s', (name) => {
    expect(told(`npm ${name}`)).toEqual([expect.stringContaining(`"${name}"`)]);
  });

  it('tells each once', () => {
    expect(told('npm run a, npm run a, npm run b')).toHaveLength(2);
  });

  it.each(['npm run check 3 -- --json', 'npm run test:browser', 'npm install', 'npm run check.'])(
    'known: %s',
    (text) => {
      expect(told(text)).toEqual([]);
    },
  );
});

describe('code', () => {
  const SHOWN = "    res.send(greeting(String(req.query.name ?? 'world')));";
  const fence = (info: string, code: string) => `Text.\n\n\`\`\`${info}\n${code}\n\`\`\`\n`;
  const told = (text: string, tiny = tinyWorkshop()) => staleExcerpts(text, tiny.root);

  it('stands in its file', () => {
    expect(told(fence('ts file=solutions/01-hello/app.ts', SHOWN))).toEqual([]);
  });

  it('does not stand in its file any more', () => {
    const tiny = tinyWorkshop();
    tiny.edit('solutions/01-hello/app.ts', 'res.send', 'res.end');
    expect(proseProblems(tiny.root)).toEqual([
      {
        where: README,
        what: expect.stringContaining('does not stand in solutions/01-hello/app.ts like this'),
      },
    ]);
  });

  it('is from a file that is not there', () => {
    expect(told(fence('ts file=solutions/01-hello/gone.ts', SHOWN))).toEqual([
      expect.stringMatching(
        /begins with "res\.send.* is from solutions\/01-hello\/gone\.ts, which is not there/,
      ),
    ]);
  });

  it.each(['ts', 'js', 'typescript', 'javascript'])('names no file: %s', (language) => {
    expect(told(fence(language, 'const a = 1;'))).toEqual([
      expect.stringMatching(/begins with "const a = 1;" names no file\..*sketch/),
    ]);
  });

  it.each(['ts sketch', 'sh', 'json', '', 'ejs'])('needs no file: "%s"', (info) => {
    expect(told(fence(info, 'anything'))).toEqual([]);
  });

  it('is compared whatever the line ends of the prose and of the file are', () => {
    const lines =
      "  app.get('/', (req, res) => {\n    res.send(greeting(String(req.query.name ?? 'world')));";
    const text = fence('ts file=solutions/01-hello/app.ts', lines);
    const tiny = tinyWorkshop();
    expect(told(crlf(text), tiny)).toEqual([]);
    tiny.write('solutions/01-hello/app.ts', crlf(tiny.read('solutions/01-hello/app.ts')));
    expect(told(text, tiny)).toEqual([]);
    expect(told(crlf(text), tiny)).toEqual([]);
    expect(told(crlf(text.replace('name ??', 'name ||')), tiny)).toHaveLength(1);
  });

  it('is looked at inside a list, where hints have theirs', () => {
    expect(told('1. A hint:\n\n   ```ts\n   const a = 1;\n   ```\n2. Another.\n')).toHaveLength(1);
  });
});
