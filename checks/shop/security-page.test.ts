import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/shared/paths.ts';

const SHOP = join(ROOT, 'solutions', 'shop');
const page = readFileSync(join(SHOP, 'SECURITY.md'), 'utf8');

/** Every requirement of chapter 7: the sections with their number of requirements. */
const ASVS = { '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 };
/** The number of headings in the cheat sheet that require something. */
const CHEAT_SHEET = 32;

interface Row {
  readonly name: string;
  readonly how: string;
  readonly proof: string;
}

/** The rows of the tables, without their headings. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (?:number|heading|---)/.test(line))
  .map((line) => {
    const [, name = '', , how = '', proof = ''] = line.split('|').map((cell) => cell.trim());
    return { name, how, proof };
  });

/** The tests in a cell: file and title. */
function testsIn(cell: string): { file: string; title: string }[] {
  const named = cell.matchAll(/`(checks\/[\w./-]+\.ts)`: "((?:[^"\\]|\\.)*)"/g);
  return [...named].map(([, file = '', title = '']) => ({ file, title: title.replaceAll('\\"', '"') }));
}

/** Whether a file has a test, or a lesson's step, with that title. */
function hasTest(file: string, title: string): boolean {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [`'`, `"`, '`'].some((quote) =>
    ['it(', 'it.each', 'step('].some((call) =>
      source.split('\n').some((line) => line.includes(call) && line.includes(`${quote}${title}${quote}`)),
    ),
  );
}

/** The files that a text names: paths from the root, or from the shop's folder. */
function filesIn(text: string): string[] {
  return [...text.matchAll(/`([\w./-]+\.(?:ts|ejs|css))`/g)].map(([, file = '']) => file);
}

describe('the page on security', () => {
  it('has each requirement of ASVS chapter 7 once, in order', () => {
    const numbers = Object.entries(ASVS).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, at) => `${section}.${at + 1}`),
    );
    expect(rows.filter(({ name }) => /^\d/.test(name)).map(({ name }) => name)).toEqual(numbers);
  });

  it('has each heading of the cheat sheet once', () => {
    const headings = rows.map(({ name }) => name).filter((name) => !/^\d/.test(name));
    expect(new Set(headings).size).toBe(headings.length);
    expect(headings).toHaveLength(CHEAT_SHEET);
  });

  it('names only files that there are', () => {
    const missing = filesIn(page).filter(
      (file) => !existsSync(join(file.includes('checks/') ? ROOT : SHOP, file)),
    );
    expect(missing).toEqual([]);
  });

  it.each(rows)(
    '$name is proven by tests that there are, or says why it is out of scope',
    ({ how, proof }: Row) => {
      const tests = testsIn(proof);
      expect(tests.filter(({ file, title }) => !hasTest(file, title))).toEqual([]);
      const reason = /^out of scope: (?:[^.|]{10,})/.test(proof);
      expect(reason || (tests.length > 0 && how.length > 0)).toBe(true);
      // A title in another form than `file`: "title" is not found above.
      expect(tests).toHaveLength(filesIn(proof).filter((file) => file.startsWith('checks/')).length);
    },
  );

  it('takes from the lessons only steps that are played on this shop', () => {
    const played = readFileSync(join(ROOT, 'checks', 'shop', 'lesson-steps.test.ts'), 'utf8');
    const [, lessons = ''] = /const LESSONS = \[([\d, ]+)\]/.exec(played) ?? [];
    const numbers = rows.flatMap(({ proof }) =>
      testsIn(proof).flatMap(({ file }) => /checks\/(\d+)-/.exec(file)?.[1] ?? []),
    );
    expect(numbers.filter((number) => !lessons.split(', ').includes(String(Number(number))))).toEqual([]);
  });
});
