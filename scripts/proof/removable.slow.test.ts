import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { importsOf, REMOVABLE } from './layout.ts';

/** Each part that can be deleted, with its files: its folder, its commands, and their tests. */
const PARTS: Readonly<Record<string, RegExp>> = {
  class: /^scripts\/class\/|^scripts\/commands\/(?:class|join|leave)\.|^checks\/browser\/class/,
  compass: /^scripts\/compass\/|^scripts\/commands\/compass\.|^checks\/browser\/(?:run-)?compass/,
  labs: /^scripts\/labs\/|^scripts\/commands\/lab\.|^checks\/browser\/lab-|^checks\/reference\/course-notes\.test/,
  audit: /^scripts\/audit\/|^scripts\/commands\/audit\.|^checks\/browser\/audit-/,
  stores: /^scripts\/stores\/|^scripts\/commands\/lab-stores\./,
  kit: /^scripts\/kit\/|^scripts\/commands\/kit\./,
};
const DOCTOR = /^scripts\/doctor\//;

const code = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(?:ts|mts|mjs|js|json)$/.test(file));
const { imports: aliases } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The imports of other files that break when these are deleted. */
function brokenWithout(deleted: RegExp): string[] {
  const gone = new Set(code.filter((file) => deleted.test(file)));
  const kept = code.filter((file) => !gone.has(file) && !file.endsWith('.json'));
  return kept.flatMap((path) =>
    importsOf({ path, text: readFileSync(join(ROOT, path), 'utf8') }, aliases)
      .filter((target) => gone.has(target))
      .map((target) => `${path} imports ${target}`),
  );
}

it('says of each part that can be deleted what goes with it', () => {
  expect(Object.keys(PARTS).sort()).toEqual([...REMOVABLE].sort());
  for (const files of Object.values(PARTS)) expect(code.some((file) => files.test(file))).toBe(true);
});

it.each(Object.entries(PARTS))('%s can be deleted: no other file imports it', (_, files) => {
  expect(brokenWithout(files)).toEqual([]);
});

it('a part that others import cannot', () => {
  expect(brokenWithout(DOCTOR)).toContainEqual(
    expect.stringMatching(/^scripts\/commands\/doctor\.ts imports/),
  );
});

it('a copy without all of these parts type-checks', () => {
  const home = mkdtempSync(join(tmpdir(), 'workshop-without-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  for (const file of code) {
    if (Object.values(PARTS).some((files) => files.test(file))) continue;
    mkdirSync(dirname(join(home, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(home, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'), 'junction');
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(spawnSync(process.execPath, [tsc, '--noEmit'], { cwd: home, encoding: 'utf8' }).stdout).toBe('');
});
