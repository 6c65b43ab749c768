import { type ChildProcess, spawnSync } from 'node:child_process';

/**
 * Ends a process and every process that it started, at once. On Linux and macOS it must have been started as the leader of
 * a group of its own (`detached`), which also reaches children that outlived it.
 */
export function endTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
