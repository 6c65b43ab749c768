import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { endMarkedNow, endTreesNow, MARK, THIS_SYSTEM } from './end-tree.mjs';
import { isRunning } from './is-running.ts';
import { OwnChild } from './own-child.ts';
import { newMark } from './supervisor.ts';

const STAND_IN = join(import.meta.dirname, 'fixtures', 'taskkill.mjs');
const LOOP = 'for (;;);';

/** A Node that runs a script, as a shop's process does. It is ended after the test. */
function start(script: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const detached = process.platform !== 'win32';
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'], detached, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Windows with a taskkill; `asked` returns its arguments. */
function windows(taskkill: 'works' | 'fails' | 'hangs', limitMs = 60_000) {
  const dir = mkdtempSync(join(tmpdir(), 'own-child-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const log = join(dir, 'log');
  return {
    system: { platform: 'win32', taskkill: [process.execPath, STAND_IN, taskkill, log], limitMs },
    asked: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}

it('is ended by taskkill on Windows, once', async () => {
  const { system, asked } = windows('works');
  const child = new OwnChild(start(LOOP), system);
  await child.end();
  await child.end();
  expect(await child.ended).toBe('was killed by SIGKILL');
  expect(asked()).toEqual([String(child.pid)]);
});

it('is killed when taskkill fails', async () => {
  const { system, asked } = windows('fails');
  const child = new OwnChild(start(LOOP), system);
  await child.end();
  expect(child.hasEnded).toBe(true);
  expect(asked()).toHaveLength(1);
});

it('is killed when there is no taskkill', async () => {
  const child = new OwnChild(start(LOOP), {
    ...windows('fails').system,
    taskkill: [join(tmpdir(), 'none.exe')],
  });
  await child.end();
  expect(child.hasEnded).toBe(true);
});

it('is killed when taskkill does not end, and this process goes on meanwhile', async () => {
  const child = new OwnChild(start(LOOP), windows('hangs', 500).system);
  let turns = 0;
  const counting = setInterval(() => turns++, 10);
  await child.end();
  clearInterval(counting);
  expect(child.hasEnded).toBe(true);
  expect(turns).toBeGreaterThan(1);
});

it('that has ended by itself is not ended again: its number may be another process’s', async () => {
  const { system, asked } = windows('works');
  const child = new OwnChild(start(''), system);
  expect(await child.ended).toBe('ended with exit code 0');
  await child.end();
  endTreesNow([child.pid as number], system);
  expect(asked()).toEqual([]);
});

it('ends although a process that left its group holds its output open', async () => {
  const orphan = `
    const { spawn } = require('node:child_process');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { detached: true, stdio: 'inherit' });
    other.unref();
    console.log(other.pid);`;
  const started = start(orphan);
  const child = new OwnChild(started);
  const [text] = await once(started.stdout!, 'data');
  const pid = Number(text);
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  await child.end();
  expect(await child.ended).toMatch(/ended with exit code 0|killed/);
  expect(isRunning(pid)).toBe(true);
});

it.skipIf(THIS_SYSTEM.platform === 'win32')(
  'takes what it started with it when it ends by itself',
  async () => {
    const parent = `
    const { spawn } = require('node:child_process');
    const other = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    other.unref();
    console.log(other.pid);`;
    const started = start(parent);
    const child = new OwnChild(started);
    const [text] = await once(started.stdout!, 'data');
    await child.ended;
    await vi.waitFor(() => expect(isRunning(Number(text))).toBe(false), { timeout: 120_000 });
  },
);

it.skipIf(THIS_SYSTEM.platform !== 'linux').each([
  ['is ended', 'setInterval(() => {}, 60_000);'],
  ['ends by itself', ''],
])('with a mark takes along what left its group when it %s', async (_, then) => {
  const mark = newMark();
  const script = `
    const { spawn } = require('node:child_process');
    const other = spawn(process.execPath, ['-e', 'for (;;);'], { detached: true, stdio: 'ignore' });
    other.unref();
    console.log(other.pid);
    ${then}`;
  const started = start(script, { [MARK]: mark });
  const child = new OwnChild(started, THIS_SYSTEM, mark);
  const [text] = await once(started.stdout!, 'data');
  onTestFinished(() => void endMarkedNow(mark));
  if (!then) await child.ended;
  await child.end();
  await vi.waitFor(() => expect(isRunning(Number(text))).toBe(false), { timeout: 120_000 });
});

it('cannot be started: that is how it has ended', async () => {
  const child = new OwnChild(spawn(join(tmpdir(), 'there is no such program')));
  expect(await child.ended).toMatch(/^ended with exit code -/);
  await child.end();
});
