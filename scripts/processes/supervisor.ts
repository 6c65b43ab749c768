import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { compiledStart } from '../grader/shop-process/compiled-start.ts';

type Guardian = ChildProcessByStdio<Writable, null, null>;
let guardian: Guardian | undefined;

/**
 * Has a process, and all that it started, end with this one, however this one ends: also by a signal that nobody can catch, and
 * also while the other one is stuck in an endless loop and hears of nothing. A third process watches over all of them: it
 * hears at once when this one is gone, and costs less than a thread in each.
 * @param child the leader of a group of its own (`detached`), except on Windows
 */
export function guard(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  guardian ??= startGuardian();
  const { stdin } = guardian;
  stdin.write(`+${pid}\n`);
  child.once('exit', () => stdin.write(`-${pid}\n`));
}

/** Sends the guardian away, and leaves those that it watches over as they are. The next guard() starts another one. */
export async function dismissGuardian(): Promise<void> {
  const child = guardian;
  guardian = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function startGuardian(): Guardian {
  const child = spawn(process.execPath, [compiledStart('guardian')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
    // Ctrl+C in a terminal goes to a whole group, and then this one has work to do.
    detached: true,
  });
  // It may be ended by somebody, and a shop is worth no less without it.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  // It is there for this process, which shall not wait for it.
  child.unref();
  (child.stdin as Socket).unref();
  return child;
}
