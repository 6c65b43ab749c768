import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WITH_TSX } from '../shared/with-tsx.ts';
import { endTreesNow, MARK } from './end-tree.mjs';
import { isRunning } from './is-running.ts';

const OWNER = fileURLToPath(new URL('./fixtures/supervised.ts', import.meta.url));
const SUPERVISOR = fileURLToPath(new URL('./supervisor-process.mjs', import.meta.url));

/** @returns a process with a supervised child, and the child's ID */
async function startOwner(): Promise<[ChildProcess, number]> {
  const owner = fork(OWNER, { execArgv: [...WITH_TSX], stdio: 'ignore' });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [pid] = await once(owner, 'message');
  return [owner, pid];
}

const hasEnded = (pid: number) => vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 120_000 });

it('ends a child that loops when the process that started it was killed', async () => {
  const [owner, pid] = await startOwner();
  expect(isRunning(pid)).toBe(true);
  owner.kill('SIGKILL');
  await hasEnded(pid);
});

it('ends no child of another process', async () => {
  const [first, own] = await startOwner();
  const [, others] = await startOwner();
  first.kill('SIGKILL');
  await hasEnded(own);
  expect(isRunning(others)).toBe(true);
});

it('is replaced when it dies, and the new one has the children of before and those that come', async () => {
  const [owner, before] = await startOwner();
  owner.send('kill the supervisor');
  const [after] = await once(owner, 'message');
  expect([before, after].map(isRunning)).toEqual([true, true]);
  owner.kill('SIGKILL');
  await Promise.all([before, after].map(hasEnded));
});

it('ends no process whose number belonged to a child that has ended', async () => {
  const [reused, child] = [0, 1].map(() => {
    const loops = spawn(process.execPath, ['-e', 'for (;;);'], {
      stdio: 'ignore',
      detached: process.platform !== 'win32',
    });
    onTestFinished(() => endTreesNow([loops.pid as number]));
    return loops.pid as number;
  }) as [number, number];
  const supervisor = spawn(process.execPath, [SUPERVISOR], { stdio: ['pipe', 'ignore', 'ignore'] });
  supervisor.stdin.end(`+${reused}\n+${child}\n-${reused}\n`);
  await once(supervisor, 'exit');
  await hasEnded(child);
  expect(isRunning(reused)).toBe(true);
});

it.skipIf(process.platform !== 'linux')(
  'ends what carries the mark, and left the group of a child',
  async () => {
    const loops = spawn(process.execPath, ['-e', 'for (;;);'], {
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, [MARK]: '0.1.' },
    });
    onTestFinished(() => endTreesNow([loops.pid as number]));
    const supervisor = spawn(process.execPath, [SUPERVISOR, '0.'], { stdio: ['pipe', 'ignore', 'ignore'] });
    supervisor.stdin.end();
    await once(supervisor, 'exit');
    await hasEnded(loops.pid as number);
  },
);
