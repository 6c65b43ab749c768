import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WITH_TSX } from '../../mongo/bench/new-process.ts';

const SPINNER = fileURLToPath(new URL('./spinner.ts', import.meta.url));

const spinning = new Set<ChildProcess>();
process.on('exit', stopSpinners);

/** Starts processes that keep the cores busy until stopSpinners, or until this process has ended. */
export function startSpinners(count: number): void {
  const { NODE_OPTIONS, VITEST, ...env } = process.env;
  for (let i = 0; i < count; i++) {
    spinning.add(fork(SPINNER, { execArgv: [...WITH_TSX], env, stdio: 'ignore' }));
  }
}

/** Ends all of them, at once. */
export function stopSpinners(): void {
  for (const child of spinning) child.kill('SIGKILL');
  spinning.clear();
}
