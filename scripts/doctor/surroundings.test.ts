import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KIT, SUMS, sha256Of } from '../setup/kit.mjs';
import { discreet } from './discreet.ts';
import { note } from './finding.ts';
import { helpers, kit, programStart, system } from './surroundings.ts';

// Programs are started in these tests, and the machine may be busy.
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  writeFileSync(join(root, 'package.json'), '{}\n');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

describe('the machine', () => {
  test('is told by system, cores and memory', () => {
    const words = new RegExp(`^${process.platform}-${process.arch} \\S+, \\d+ cores, 16\\.0 GB memory$`);
    expect(system(16e9)).toMatchObject({
      id: 'system',
      verdict: 'good',
      words: expect.stringMatching(words),
    });
    expect(system(1e9)).toMatchObject({ id: 'memory', verdict: 'warning', fix: expect.any(String) });
  });

  test('on which programs start slowly', async () => {
    expect(await programStart(60_000, 60_000)).toMatchObject({ id: 'start', verdict: 'good' });
    expect(await programStart(60_000, 0)).toMatchObject({ id: 'slow-start', verdict: 'warning' });
  });
});

describe('what the workshop can do without is noted, and never a fault', () => {
  test('git, Redis, and a registry that nobody answers for', async () => {
    vi.stubEnv('PATH', root);
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/');
    const found = await helpers(process.env, root, 80);
    expect(found.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'git note',
      'registry note',
      'redis note',
    ]);
  });

  test('line ends of Windows, and a narrow terminal', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/');
    writeFileSync(join(root, 'package.json'), '{}\r\n');
    const found = await helpers({ REDIS_URL: 'redis://127.0.0.1' }, root, 60);
    expect(found.slice(2)).toMatchObject([
      { id: 'redis', verdict: 'good' },
      { id: 'line-ends', verdict: 'note' },
      { id: 'terminal', verdict: 'note', words: expect.stringMatching(/^60 columns/) },
    ]);
  });
});

describe('a kit', () => {
  const LESSON = 'lessons/01-hello/app.ts';
  const pack = () => {
    mkdirSync(join(root, KIT));
    mkdirSync(join(root, 'lessons', '01-hello'), { recursive: true });
    writeFileSync(join(root, LESSON), 'starter\n');
    writeFileSync(join(root, KIT, 'kit.json'), JSON.stringify({ made: '2026-11-23T10:00:00.000Z' }));
    const lines = ['package.json', LESSON].map((path) => `${sha256Of(join(root, path))}  ${path}\n`);
    writeFileSync(join(root, SUMS), lines.join(''));
  };

  test('is not what a clone is', () => {
    expect(kit(root, 60_000)).toEqual([]);
  });

  test('is as it was packed, also when a lesson is solved', () => {
    pack();
    mkdirSync(join(root, 'work', '01-hello'), { recursive: true });
    writeFileSync(join(root, 'work', '01-hello', 'app.ts'), 'my answer\n');
    expect(kit(root, 60_000)).toMatchObject([
      { verdict: 'good', words: expect.stringMatching(/^made on 2026-11-23/) },
    ]);
  });

  test('lacks a file, or has another', () => {
    pack();
    writeFileSync(join(root, 'package.json'), '{ }\n');
    expect(kit(root, 60_000)).toMatchObject([
      { verdict: 'warning', words: expect.stringMatching(/: 1, such as package\.json$/) },
    ]);
    rmSync(join(root, LESSON));
    expect(kit(root, 60_000)).toMatchObject([{ words: expect.stringMatching(/: 2, such as/) }]);
  });
});

test('no finding tells the path of a home', () => {
  const words = `${join(root, 'x')} and ${join(homedir(), 'y')} and ${join(tmpdir(), 'z')} did not start`;
  const said = discreet(note('a', 'a', words), root).words;
  for (const place of [root, homedir(), tmpdir()]) expect(said).not.toContain(place);
  expect(said).toMatch(/^\..x and .+y and .+z did not start$/);
});
