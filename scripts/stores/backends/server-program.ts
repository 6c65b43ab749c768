import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { supervise } from '../../processes/supervisor.ts';
import { removeSync } from '../../setup/files.mjs';
import { EnvironmentError } from '../../shared/errors.ts';

/** Where Debian, Fedora and Homebrew put servers that may not be on the PATH. */
const ALSO = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', ...versions('/usr/lib/postgresql')];

/** The newest version first: /usr/lib/postgresql/17/bin, /usr/lib/postgresql/15/bin. */
function versions(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort((one, other) => Number(other) - Number(one))
      .map((version) => join(folder, version, 'bin'));
  } catch {
    return [];
  }
}

/** The path of the first of these programs that this machine has. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...ALSO];
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return folders.flatMap((folder) => names.map((name) => join(folder, name + suffix))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The user that a server runs as when this process is root: most servers refuse root. */
export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** The first of these users that exists, when this process is root; otherwise nothing changes. */
export function unprivileged(...names: string[]): User {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of [...names, 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return {};
}

/** A temporary folder of the user, and a function that deletes it. */
export function folderOf({ uid, gid }: User): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-store-'));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return {
    folder,
    remove: () => removeSync(folder),
  };
}

/** Runs a program to its end. @returns its output @throws {Error} when its exit code is not 0 */
export async function runProgram(
  path: string,
  args: readonly string[],
  user: User = {},
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const options = { ...user, cwd: tmpdir(), env: { ...process.env, ...env }, maxBuffer: 64e6 };
  return (await promisify(execFile)(path, args, options)).stdout;
}

const STARTS_WITHIN_MS = 60_000;

/**
 * Starts a server and waits until it answers.
 * @param answers resolves when the server answers, and rejects until then
 * @returns a function that stops the server
 * @throws {EnvironmentError} with its last output, when it ends or does not answer
 */
export async function startProgram(
  path: string,
  args: readonly string[],
  user: User,
  answers: () => Promise<unknown>,
): Promise<() => Promise<void>> {
  const child = spawn(path, args, {
    ...user,
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
  });
  supervise(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = `${printed}${text}`.slice(-2000);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      printed += error.message;
      resolve();
    });
  });
  const until = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    const state = await Promise.race([
      answers().then(
        () => 'answers' as const,
        () => 'not yet' as const,
      ),
      ended.then(() => 'ended' as const),
    ]);
    if (state === 'answers') return () => endProgram(child, ended);
    if (state === 'ended' || performance.now() > until) {
      await endProgram(child, ended);
      throw new EnvironmentError(`${path} did not start. It says: ${printed.trim() || 'nothing'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function endProgram(child: ChildProcess, ended: Promise<void>): Promise<void> {
  // On SIGQUIT PostgreSQL ends its child processes. SIGKILL would leave them and its shared memory.
  child.kill('SIGQUIT');
  const limit = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(limit);
}
