import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How long taskkill may take, in milliseconds. Most of it is its own start. */
const TASKKILL_LIMIT_MS = 5000;

/**
 * How processes are ended here. Tests give their own for Windows.
 * @typedef {{ platform: string, taskkill: readonly string[], limitMs: number }} System
 * @type {System}
 */
export const THIS_SYSTEM = {
  platform: process.platform,
  // By its full path: the PATH of some machines has another taskkill first, or none.
  taskkill: [join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe')],
  limitMs: TASKKILL_LIMIT_MS,
};

/**
 * Ends a process that runs, and every process that it started. On Linux and macOS it must have been started as the leader of
 * a group of its own (`detached`). On Windows taskkill does that while this process goes on; when taskkill fails
 * or does not end, the process alone is killed.
 *
 * Nothing is done for a process that has ended: its ID may belong to another one. The same holds for one that could not
 * be started.
 * @param {import('node:child_process').ChildProcess} child
 * @param {System} [system]
 * @returns {Promise<void>} when it has been told to end. It never rejects
 */
export async function endTree(child, system = THIS_SYSTEM) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (system.platform !== 'win32') return endGroup(child.pid);
  const [file = '', ...args] = taskkill([child.pid], system);
  // When `timeout` kills taskkill, 'exit' is emitted too.
  const ending = spawn(file, args, { windowsHide: true, stdio: 'ignore', timeout: system.limitMs });
  const [code] = await once(ending, 'exit').catch(() => [undefined]);
  if (code !== 0) child.kill('SIGKILL');
}

/**
 * Ends what is left of a process's group, also after the process itself. When it has ended, call this at once: later its ID
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
 * Ends processes and all that they started, and blocks meanwhile: for use in an 'exit' handler. Those that have ended are left
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

/** A variable of a process, inherited by all that it starts: it finds those that have left its group. */
export const MARK = 'WORKSHOP_STARTED_FOR';

/**
 * Kills every process whose mark begins like this, whichever parent it has now. Only Linux lets us read each environment;
 * elsewhere nothing happens.
 * @param {string} mark
 * @returns {number} how many there were
 */
export function endMarkedNow(mark) {
  if (process.platform !== 'linux') return 0;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && hasMark(name, mark));
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended just now.
    }
  }
  return pids.length;
}

/** @param {string} pid @param {string} mark */
function hasMark(pid, mark) {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`.includes(`\0${MARK}=${mark}`);
  } catch {
    // Another user's, or it has ended just now.
    return false;
  }
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
