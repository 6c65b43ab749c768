import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WITH_TSX } from '../bench-engine/new-process.ts';

const SPINNER = fileURLToPath(new URL('./spinner.ts', import.meta.url));

const spinning = new Set<ChildProcess>();
process.on('exit', stopSpinners);

/**
 * Starts processes that keep the cores busy until stopSpinners, or until this process has ended.
 * @returns when all of them do: what is measured beside idle ones would prove nothing
 * @throws Error when one has ended in place of it
 */
export async function startSpinners(count: number): Promise<void> {
  const { NODE_OPTIONS, VITEST, ...env } = process.env;
  const children = Array.from({ length: count }, () =>
    fork(SPINNER, { execArgv: [...WITH_TSX], env, stdio: 'ignore' }),
  );
  for (const child of children) spinning.add(child);
  await Promise.all(children.map(spins));
}

async function spins(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`A process that was to keep a core busy ended with ${code}.`);
  });
  await Promise.race([once(child, 'message'), ended]);
  // It ends one day, by stopSpinners.
  ended.catch(() => {});
}

/** Ends all of them, at once. */
export function stopSpinners(): void {
  for (const child of spinning) child.kill('SIGKILL');
  spinning.clear();
}
