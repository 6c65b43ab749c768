import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeSync } from '../setup/files.mjs';
import { removeAbandoned } from './abandoned.ts';

it('removes what processes left that have ended, and nothing else', async () => {
  const place = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  onTestFinished(() => removeSync(place));
  const ended = spawn(process.execPath, ['-e', '']);
  await once(ended, 'exit');
  const kept = join(place, 'kept');
  mkdirSync(kept);
  writeFileSync(join(kept, 'a.txt'), '');
  const left = join(place, `copy-${ended.pid}-x`);
  mkdirSync(join(left, 'app'), { recursive: true });
  symlinkSync(kept, join(left, 'app', 'node_modules'), 'junction');
  mkdirSync(join(place, `copy-${process.pid}-x`));
  mkdirSync(join(place, `other-${ended.pid}-x`));

  removeAbandoned(place, /^copy-(\d+)-/);
  expect(readdirSync(place).sort()).toEqual([`copy-${process.pid}-x`, 'kept', `other-${ended.pid}-x`].sort());
  expect(readdirSync(kept)).toEqual(['a.txt']);
  expect(() => removeAbandoned(join(place, 'none'), /^(\d+)-/)).not.toThrow();
});
