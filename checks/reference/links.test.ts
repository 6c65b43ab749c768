import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../scripts/shared/paths.ts';

const REFERENCE = readdirSync(join(ROOT, 'lessons', 'reference'), { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => `lessons/reference/${name}`);
const PAGES = ['README.md', 'lessons/INSTRUCTOR.md', 'lessons/REFERENCE.md', ...REFERENCE];
const read = (file: string) => readFileSync(file, 'utf8');

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(PAGES)('%s links to what there is', (page) => {
  const file = join(ROOT, page);
  const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
  const broken = links.filter(([, path, anchor]) => {
    const target = path ? join(dirname(file), path) : file;
    return !existsSync(target) || (anchor && !anchorsOf(read(target)).includes(anchor));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

it('every page of the reference can be reached from its first page', () => {
  const first = read(join(ROOT, 'lessons', 'REFERENCE.md'));
  for (const page of REFERENCE) expect(first).toContain(`(${page.replace('lessons/', '')})`);
});
