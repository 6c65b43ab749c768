import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WITH_TSX } from '../proof/bench-engine/new-process.ts';
import { isRunning } from './is-running.ts';

const GUARDS = fileURLToPath(new URL('./fixtures/supervised.ts', import.meta.url));

vi.setConfig({ testTimeout: 60_000 });

/** @returns a process that has another one guarded, and that one's number */
async function startGuarded(): Promise<[ChildProcess, number]> {
  const child = fork(GUARDS, { execArgv: [...WITH_TSX], stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [pid] = await once(child, 'message');
  return [child, pid];
}

it('ends a process that loops when the one that started it was killed', async () => {
  const [child, pid] = await startGuarded();
  expect(isRunning(pid)).toBe(true);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 30_000 });
});

it('ends no process of another one', async () => {
  const [first, own] = await startGuarded();
  const [, others] = await startGuarded();
  first.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(own)).toBe(false), { timeout: 30_000 });
  expect(isRunning(others)).toBe(true);
});
