import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { compiledStart } from './compiled-start.ts';

let guardian: Socket | undefined;

/**
 * Has a process, and all that it started, end with this one, however this one ends: also by a signal that nobody can catch, and
 * also while the other one is stuck in an endless loop and hears of nothing. A third process watches over all of them: it
 * hears at once when this one is gone, and costs less than a thread in each.
 * @param child the leader of a group of its own (`detached`), except on Windows
 */
export function guard(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  const line = guardian ?? startGuardian();
  guardian = line;
  line.write(`+${pid}\n`);
  child.once('exit', () => line.write(`-${pid}\n`));
}

function startGuardian(): Socket {
  const child = spawn(process.execPath, [compiledStart('guardian')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
    // Ctrl+C in a terminal goes to a whole group, and then this one has work to do.
    detached: true,
  });
  const line = child.stdin as Socket;
  // It may be ended by somebody, and a shop is worth no less without it.
  child.on('error', () => {});
  line.on('error', () => {});
  // It is there for this process, which shall not wait for it.
  child.unref();
  line.unref();
  return line;
}
