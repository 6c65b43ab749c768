import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { endMarkedNow, endTreesNow } from './end-tree.mjs';

type Supervisor = ChildProcessByStdio<Writable, null, null>;

const PROGRAM = fileURLToPath(new URL('./supervisor-process.mjs', import.meta.url));
/** How often a supervisor is started at most: one that ends more often cannot run on this machine. */
const MOST_STARTS = 20;

/** What the marks of all children of this process begin with. */
const OWN_MARK = `${process.pid}.`;
let marked = 0;

/** A mark for the environment of a child, under MARK: processes that it starts are then ended even when they leave the child's group. */
export function newMark(): string {
  marked += 1;
  return `${OWN_MARK}${marked}.`;
}

/** The IDs of the children that have not ended. */
const running = new Set<number>();
let supervisor: Supervisor | undefined;
let starts = 0;

process.on('exit', () => {
  // The supervisor first: later it would end the same IDs again, which may then belong to other processes.
  supervisor?.kill('SIGKILL');
  endTreesNow(running);
  if (marked > 0) endMarkedNow(OWN_MARK);
});

/**
 * Ends a child, and all that it started, when this process ends: also by a signal that cannot be caught,
 * and also while the child is stuck in an endless loop. The supervisor is a third process. It notices at once when this one
 * is gone, and a new one takes its place when it dies.
 * @param child the leader of a group of its own (`detached`), except on Windows
 * @param pid the ID of a process that the child started, to end that one instead; it counts while the child runs
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

/** The process ID of the supervisor; undefined while there is none. */
export function supervisorPid(): number | undefined {
  return supervisor?.pid;
}

/** Ends the supervisor, and not the children. The next supervise() starts another one for all of them. */
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
  const child = spawn(process.execPath, [PROGRAM, OWN_MARK], {
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
  // Without a supervisor the 'exit' handler ends the children, unless this process is killed.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  // Neither keeps this process alive.
  child.unref();
  (child.stdin as Socket).unref();
}
