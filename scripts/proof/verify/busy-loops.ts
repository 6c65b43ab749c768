import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { supervise } from '../../processes/supervisor.ts';

const BUSY_LOOP = fileURLToPath(new URL('./busy-loop.mjs', import.meta.url));

const spinning = new Set<ChildProcess>();

/**
 * Starts processes that keep the cores busy until stopBusyLoops, or until this process has ended.
 * @returns when all of them run: beside idle ones a measurement proves nothing
 * @throws Error when one of them ends before that
 */
export async function startBusyLoops(count: number): Promise<void> {
  const { NODE_OPTIONS, VITEST, ...env } = process.env;
  const children = Array.from({ length: count }, () =>
    fork(BUSY_LOOP, { env, stdio: 'ignore', detached: process.platform !== 'win32' }),
  );
  for (const child of children) {
    supervise(child);
    spinning.add(child);
  }
  await Promise.all(children.map(spins));
}

async function spins(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`A process that was to keep a core busy ended with ${code}.`);
  });
  await Promise.race([once(child, 'message'), ended]);
  // When stopBusyLoops ends it later, nothing awaits this promise.
  ended.catch(() => {});
}

/** Ends all of them, at once. */
export function stopBusyLoops(): void {
  for (const child of spinning) child.kill('SIGKILL');
  spinning.clear();
}
