import { spawnSync } from 'node:child_process';

/**
 * Ends a process and every process that it started, at once. On Linux and macOS it must have been started as the leader of
 * a group of its own (`detached`), which also reaches children that outlived it.
 * @param {number | undefined} pid undefined when it could not be started: there is nothing to end then
 */
export function endTree(pid) {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
