import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';

/** Each part that can be deleted, with what goes with it: its folder, its commands, and the tests of these. */
const PARTS = {
  class: /^scripts\/class\/|^scripts\/commands\/(?:class|join|leave)\.|^checks\/browser\/class/,
  compass: /^scripts\/compass\/|^scripts\/commands\/compass\.|^checks\/browser\/(?:run-)?compass/,
  labs: /^scripts\/labs\/|^scripts\/commands\/lab\.|^checks\/browser\/lab-|^checks\/reference\/course-notes\.test/,
  audit: /^scripts\/audit\/|^scripts\/commands\/audit\./,
  stores: /^scripts\/stores\/|^scripts\/commands\/lab-stores\./,
  kit: /^scripts\/kit\/|^scripts\/commands\/kit\./,
} as const;

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});

/** A copy of the workshop without some of its files. */
function copyWithout(files: RegExp): string {
  const home = mkdtempSync(join(tmpdir(), 'workshop-without-'));
  homes.push(home);
  const all = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  const kept = all.filter((file) => /\.(?:ts|mts|mjs|js|json)$/.test(file) && !files.test(file));
  expect(kept.length).toBeLessThan(all.length);
  for (const file of kept) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(home, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'), 'junction');
  return home;
}

function typeErrors(home: string): string {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  return spawnSync(process.execPath, [tsc, '--noEmit'], { cwd: home, encoding: 'utf8' }).stdout;
}

it.each(Object.entries(PARTS))('%s can be deleted: every other file still type-checks', (_, files) => {
  expect(typeErrors(copyWithout(files))).toBe('');
});

it('a part that others import cannot', () => {
  expect(typeErrors(copyWithout(/^scripts\/doctor\//))).toContain("Cannot find module '../doctor/");
});
