import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { supervise } from '../../processes/supervisor.ts';

const SPINNER = fileURLToPath(new URL('./spinner.mjs', import.meta.url));

const spinning = new Set<ChildProcess>();

/**
 * Starts processes that keep the cores busy until stopSpinners, or until this process has ended.
 * @returns when all of them do: a measurement beside idle ones would prove nothing
 * @throws Error when one of them ends before that
 */
export async function startSpinners(count: number): Promise<void> {
  const { NODE_OPTIONS, VITEST, ...env } = process.env;
  const children = Array.from({ length: count }, () =>
    fork(SPINNER, { env, stdio: 'ignore', detached: process.platform !== 'win32' }),
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
  // stopSpinners ends it later, and nobody waits for that.
  ended.catch(() => {});
}

/** Ends all of them, at once. */
export function stopSpinners(): void {
  for (const child of spinning) child.kill('SIGKILL');
  spinning.clear();
}
