import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tinyWorkshop } from '../course/fixtures/test-support.ts';
import { damagedIn, SUMS } from '../setup/kit.mjs';
import { ROOT } from '../shared/paths.ts';
import { copyWorkshop, TOP, writeChecksums } from './copy.ts';

const STARTER = 'lessons/01-hello/app.ts';

it('takes the workshop without the answers, and nothing that is private', () => {
  const tiny = tinyWorkshop();
  tiny.write('work/01-hello/app.ts', 'my answer');
  for (const name of ['.env', '.npmrc', 'letter.txt', 'lessons/.env', 'lessons/01-hello/debug.log']) {
    tiny.write(name, 'secret');
  }
  copyWorkshop(tiny.root, tiny.path('copy'));
  expect(tiny.read(`copy/${STARTER}`)).toBe(tiny.read(STARTER));
  expect(tiny.read('copy/lessons/01-hello/README.md')).toBe(tiny.read('lessons/01-hello/README.md'));
  const names = [
    '.env',
    '.npmrc',
    'letter.txt',
    'lessons/.env',
    'lessons/01-hello/debug.log',
    '.workshop',
    'work',
  ];
  for (const name of names) expect(existsSync(tiny.path(`copy/${name}`)), name).toBe(false);
});

it('lists every file with the checksum that sha256sum knows', () => {
  const tiny = tinyWorkshop();
  tiny.write('copy/kit/kit.json', '{}');
  copyWorkshop(tiny.root, tiny.path('copy'));
  const files = writeChecksums(tiny.path('copy'));
  const lines = tiny.read(`copy/${SUMS}`).trimEnd().split('\n');
  expect(lines).toHaveLength(files - 1);
  expect(lines).toContain('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  kit/kit.json');
  expect(damagedIn(tiny.path('copy'))).toEqual([]);
  tiny.delete('copy/solutions/01-hello/NOTES.md');
  expect(damagedIn(tiny.path('copy'))).toEqual(['solutions/01-hello/NOTES.md']);
});

it('knows everything that lies at the top of the repository', ({ skip }) => {
  const { stdout } = spawnSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' });
  const tracked = stdout?.trim().split('\n') ?? [];
  skip(!tracked.includes('package.json'), 'there is no git here to ask');
  const top = new Set(tracked.map((path) => path.split('/')[0]));
  expect([...top].filter((name) => existsSync(join(ROOT, name ?? ''))).sort()).toEqual([...TOP].sort());
  expect(readFileSync(join(ROOT, '.gitignore'), 'utf8')).toMatch(/^\.env$/m);
});
