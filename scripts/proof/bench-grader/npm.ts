import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { npmCommand } from '../../setup/packages.mjs';

/** Starts `npm run …` in a folder, as a learner's terminal does. */
export function npmRun(dir: string, line: string): ChildProcessByStdio<null, Readable, Readable> {
  const { file, args, env, shell } = npmCommand(['run', '-s', ...line.split(' ')]);
  return spawn(file, args, {
    cwd: dir,
    shell,
    env: { ...env, NO_COLOR: '1', WORKSHOP_MONGO: 'embedded' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that npm and what it started can be ended together.
    detached: process.platform !== 'win32',
  });
}

/** Runs `npm run …` to its end. @throws Error with what it printed when it does not end with 0 */
export async function npmRunToEnd(dir: string, line: string): Promise<void> {
  const child = npmRun(dir, line);
  const [[code], out, err] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) throw new Error(`npm run ${line} ended with ${code}.\n${out}${err}`);
}
