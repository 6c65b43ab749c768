import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { removeSync } from '../setup/files.mjs';
import { isNoSave, onSave } from './saves.ts';

const WORK = join('/home', 'my-node_modules-course', 'node_modules', 'work', '03-session-config');

it.each([
  ['app.ts', false],
  ['views/page.ejs', false],
  ['NOTES.md', true],
  ['app.ts~', true],
  ['#app.ts#', true],
  ['node_modules/a/index.js', true],
  ['.DS_Store', true],
  ['views/.DS_Store', true],
  ['._app.ts', true],
  ['.app.ts.swp', true],
  ['desktop.ini', true],
])('in a folder whose own path has node_modules in it, %s counts as no save: %s', (file, ignored) => {
  expect(isNoSave(join(WORK, file), ['/elsewhere', WORK])).toBe(ignored);
});

it('is idle when the callback for the last save has ended', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'saves-'));
  onTestFinished(() => removeSync(dir));
  let end = () => {};
  const callback = () =>
    new Promise<void>((resolve) => {
      end = resolve;
    });
  const saves = onSave([dir], callback, () => {});
  onTestFinished(() => saves.stop());
  let isIdle = false;
  const idle = saves.idle().then(() => {
    isIdle = true;
  });
  await new Promise(setImmediate);
  expect(isIdle).toBe(false);
  end();
  await idle;
});

it('a callback that fails is said, and the next save is called back for', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'saves-'));
  onTestFinished(() => removeSync(dir));
  const said: string[] = [];
  const calls: string[][] = [];
  const callback = async (saved: readonly string[]) => {
    calls.push([...saved]);
    throw new Error(`failed ${calls.length}`);
  };
  const saves = onSave([dir, join(dir, 'not-there')], callback, (line) => said.push(line));
  onTestFinished(() => saves.stop());
  await saves.idle();
  expect(said).toEqual(['failed 1']);
  const file = join(dir, 'app.ts');
  await vi.waitFor(
    () => {
      writeFileSync(file, '// saved');
      expect(calls.at(-1)).toContain(file);
    },
    { timeout: 60_000, interval: 100 },
  );
});
