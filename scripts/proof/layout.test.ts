import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { againstTheLayout, type Source } from './layout.ts';

const aliases = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).imports as Record<
  string,
  string
>;

function sourcesIn(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|js)$/.test(name) && !/\.test\.ts$|fixtures/.test(name))
    .map((name) => ({
      path: `${folder}/${name.split(sep).join('/')}`,
      text: readFileSync(join(ROOT, folder, name), 'utf8'),
    }));
}

const problemsOf = (path: string, text: string) => againstTheLayout([{ path, text }], aliases);

it('every import goes in the direction of the layout', () => {
  const sources = ['scripts', 'checks', 'solutions'].flatMap(sourcesIn);
  expect(sources.length).toBeGreaterThan(300);
  expect(againstTheLayout(sources, aliases)).toEqual([]);
});

it.each([
  ['scripts/engine/a.ts', "import { a } from '../mongo/index.ts';", /mongo is above engine/],
  ['scripts/grader/a.ts', "import type { Lesson } from '../course/lessons.ts';", /course is above grader/],
  ['scripts/grader/a.ts', "import { check } from '#checks/support/check.ts';", /loaded by their path/],
  ['scripts/course/a.ts', "const a = await import('../class/a.ts');", /class is above course/],
  ['scripts/proof/a.ts', "import {\n  a,\n} from '../labs/table.ts';", /labs can be deleted/],
  ['scripts/class/a.ts', "import '../labs/table.ts';", /labs is beside class/],
  ['scripts/class/server/a.ts', "import { csrf } from '../../../solutions/shop/csrf.ts';", /data to grade/],
  ['scripts/labs/a.ts', "import { createApp } from '../../lessons/01-memory-store/app.ts';", /data to grade/],
  ['solutions/shop/a.ts', "export { a } from '../../scripts/shared/paths.ts';", /nothing of the tool/],
  ['scripts/other/a.ts', "import { ROOT } from '../shared/paths.ts';", /does not name/],
])('%s may not have: %s', (path, text, words) => {
  expect(problemsOf(path, text)).toEqual([expect.stringMatching(words)]);
});

it.each([
  ['scripts/class/a.ts', "import { ROOT } from '../shared/paths.ts';"],
  ['scripts/labs/a.ts', "import { cart } from '#shop/cart.ts';"],
  ['scripts/commands/class.ts', "import { report } from '../class/a.ts';"],
  ['checks/support/a.ts', "import { must } from '../../scripts/grader/check.ts';"],
])('%s may have: %s', (path, text) => {
  expect(problemsOf(path, text)).toEqual([]);
});

it('the linter reports an import circle, also one of types', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-circle-'));
  try {
    copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    writeFileSync(join(folder, 'a.ts'), "import type { B } from './b.ts';\n\nexport type A = B | 1;\n");
    writeFileSync(join(folder, 'b.ts'), "import type { A } from './a.ts';\n\nexport type B = A | 2;\n");
    const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const args = ['lint', '--vcs-enabled=false', '--config-path', folder, folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, [biome, ...args], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toContain('noImportCycles');
    expect(status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('the map of CONTRIBUTING.md names every part, and nothing that is not there', () => {
  const contributing = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const [, map = ''] = /^## Where things are\n\n((?:\|.*\n)+)/m.exec(contributing) ?? [];
  const rows = map.split('\n').map((row) => {
    const [folders = [], inside = []] = row
      .split(' | ')
      .map((cell) => [...cell.matchAll(/`([\w./-]+(?:\/|\.(?:ts|mjs)))`/g)].map(([, name = '']) => name));
    return { folders, inside };
  });
  const folders = rows.flatMap((row) => row.folders).filter((name) => name !== 'work/');
  expect(folders.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  const parts = readdirSync(join(ROOT, 'scripts'), { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  );
  expect(parts.filter(({ name }) => !folders.includes(`scripts/${name}/`))).toEqual([]);

  const missing = rows.flatMap(({ folders: [folder = ''], inside }) => {
    if (inside.length === 0) return [];
    const there = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    const names = there.map((name) => `/${name.split(sep).join('/')}`);
    return inside.filter((name) => !names.some((each) => each.endsWith(`/${name.replace(/\/$/, '')}`)));
  });
  expect(missing).toEqual([]);
  expect(rows.flatMap(({ inside }) => inside).length).toBeGreaterThan(20);
});
