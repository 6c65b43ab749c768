import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { endTreesNow } from './end-tree.mjs';

type Supervisor = ChildProcessByStdio<Writable, null, null>;

const PROGRAM = fileURLToPath(new URL('./supervisor-process.mjs', import.meta.url));
/** How often a supervisor is started. One that ends more often than this cannot run on this machine. */
const MOST_STARTS = 20;

/** The numbers of the children that have not ended. */
const running = new Set<number>();
let supervisor: Supervisor | undefined;
let starts = 0;

process.on('exit', () => {
  // The supervisor first: it would end the same numbers again when they may belong to other processes.
  supervisor?.kill('SIGKILL');
  endTreesNow(running);
});

/**
 * Has a child, and all that it started, end with this process, however this one ends: also by a signal that cannot be caught,
 * and also while the child is stuck in an endless loop. The supervisor is a third process. It notices at once when this one
 * is gone, and a new one takes its place when it dies.
 * @param child the leader of a group of its own (`detached`), except on Windows
 * @param pid the number of another process that the child started, when that one is to be ended; it counts while the child runs
 */
export function supervise(child: ChildProcess, pid = child.pid): void {
  if (pid === undefined) return;
  running.add(pid);
  if (supervisor) supervisor.stdin.write(`+${pid}\n`);
  else startSupervisor();
  child.once('exit', () => {
    running.delete(pid);
    supervisor?.stdin.write(`-${pid}\n`);
  });
}

/** The number of the supervisor; undefined while there is none. */
export function supervisorPid(): number | undefined {
  return supervisor?.pid;
}

/** Ends the supervisor, and leaves the children as they are. The next supervise() starts another one for all of them. */
export async function dismissSupervisor(): Promise<void> {
  const child = supervisor;
  supervisor = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function startSupervisor(): void {
  if (starts === MOST_STARTS) return;
  starts += 1;
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
    // Ctrl+C in a terminal goes to a whole group. The supervisor must outlive this process.
    detached: true,
  });
  supervisor = child;
  for (const pid of running) child.stdin.write(`+${pid}\n`);
  child.once('exit', () => {
    if (supervisor !== child) return;
    supervisor = undefined;
    if (running.size > 0) startSupervisor();
  });
  // Without a supervisor children still end with this process, unless it is killed.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  // Neither keeps this process alive.
  child.unref();
  (child.stdin as Socket).unref();
}
