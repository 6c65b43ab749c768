import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How long taskkill may take, in milliseconds. Most of it is its own start. */
const TASKKILL_LIMIT_MS = 5000;

/**
 * How processes are ended here. Tests stand in for Windows with their own.
 * @typedef {{ platform: string, taskkill: readonly string[], limitMs: number }} System
 * @type {System}
 */
export const THIS_SYSTEM = {
  platform: process.platform,
  // By its full path: the PATH of some machines has another one first, or none.
  taskkill: [join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe')],
  limitMs: TASKKILL_LIMIT_MS,
};

/**
 * Ends a process that runs, and every process that it started. On Linux and macOS it must have been started as the leader of
 * a group of its own (`detached`). On Windows, where taskkill does that, this process goes on meanwhile; when taskkill fails
 * or does not end, the process alone is killed.
 *
 * Nothing is done for a process that has ended: its number may belong to another one. The same holds for one that could not
 * be started.
 * @param {import('node:child_process').ChildProcess} child
 * @param {System} [system]
 * @returns {Promise<void>} when it has been told to end. It never rejects
 */
export async function endTree(child, system = THIS_SYSTEM) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (system.platform !== 'win32') return endGroup(child.pid);
  const [file = '', ...args] = taskkill([child.pid], system);
  // `timeout` kills taskkill, and 'exit' comes then, too.
  const ending = spawn(file, args, { windowsHide: true, stdio: 'ignore', timeout: system.limitMs });
  const [code] = await once(ending, 'exit').catch(() => [undefined]);
  if (code !== 0) child.kill('SIGKILL');
}

/**
 * Ends what is left of a process's group, also after the process itself. Only at once when it has ended: later its number
 * may belong to another process. Windows has no groups.
 * @param {number} pid
 * @param {System} [system]
 */
export function endGroup(pid, { platform } = THIS_SYSTEM) {
  if (platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}

/**
 * Ends processes and all that they started, and waits for it: for the last moment of a process. Those that have ended are left
 * out.
 * @param {Iterable<number>} pids
 * @param {System} [system]
 */
export function endTreesNow(pids, system = THIS_SYSTEM) {
  if (system.platform !== 'win32') {
    for (const pid of pids) endGroup(pid);
    return;
  }
  const running = [...pids].filter(isRunning);
  if (running.length === 0) return;
  const [file = '', ...args] = taskkill(running, system);
  spawnSync(file, args, { windowsHide: true, stdio: 'ignore', timeout: system.limitMs });
}

/** @param {readonly number[]} pids @param {System} system @returns {string[]} */
function taskkill(pids, system) {
  return [...system.taskkill, '/T', '/F', ...pids.flatMap((pid) => ['/PID', String(pid)])];
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
