import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { createClient } from 'redis';
import { EngineError } from '../mongo/engine-error.ts';
import type { Redis } from './index.ts';

/** What the server is called: Valkey is the fork that many Linux systems have, Memurai a Redis for Windows. */
const NAMES =
  process.platform === 'win32'
    ? ['redis-server.exe', 'memurai.exe', 'valkey-server.exe']
    : ['redis-server', 'valkey-server'];
const KEEPER = fileURLToPath(new URL('./keeper.mjs', import.meta.url));
/** How long a server may take to answer, in milliseconds: most need a hundredth of it. */
const STARTING_LIMIT = 10_000;
/** How often a port may be taken by another program between finding it free and using it. */
const ATTEMPTS = 5;

/** The first Redis server in the folders of a PATH; undefined when there is none. */
export async function findServer(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const file of NAMES.map((name) => join(folder, name))) {
      const isThere = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return file;
    }
  }
  return undefined;
}

/**
 * Starts the server at `path` on a free port of 127.0.0.1. It keeps nothing on the disk, and ends with this process, however
 * that ends.
 * @throws {EngineError} when it does not start
 */
export async function startServer(path: string): Promise<Redis> {
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await getPort({ host: '127.0.0.1' });
    const keeper = keep(path, port);
    const { pid } = await firstMessage(keeper);
    const ended = firstMessage(keeper);
    const url = `redis://127.0.0.1:${port}`;
    const found = await Promise.race([whoAnswers(url, ended), ended]);
    // Another program's Redis may have taken that port meanwhile: it answers too, and is not ours.
    if (pid !== undefined && found.pid === pid) {
      // Who forgets to stop it shall not hang for it.
      keeper.unref();
      keeper.channel?.unref();
      return { words: `${basename(path, '.exe')} ${found.version}`, url, stop: () => end(keeper) };
    }
    said = found.ended ?? (await Promise.race([ended, end(keeper)]))?.ended ?? '';
  }
  throw new EngineError(`${path} did not start. It says: ${said || 'nothing'}`);
}

/** What the keeper tells, and what the server says of itself. */
interface Told {
  readonly pid?: number;
  readonly version?: string;
  /** The server has ended: its last words. */
  readonly ended?: string;
}

function keep(path: string, port: number): ChildProcess {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  return spawn(process.execPath, [KEEPER, path, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Ctrl+C in a terminal goes to a whole group. This one is ended by us, when nobody needs it any more.
    detached: true,
    windowsHide: true,
  });
}

async function firstMessage(keeper: ChildProcess): Promise<Told> {
  const gone = once(keeper, 'exit').then(() => [{ ended: '' }]);
  const [message] = await Promise.race([once(keeper, 'message'), gone]);
  return message as Told;
}

/** Asks until a server answers, or ours has ended. */
async function whoAnswers(url: string, ended: Promise<unknown>): Promise<Told> {
  const client = createClient({ url, socket: { reconnectStrategy: () => 20 } });
  client.on('error', () => {});
  const giveUp = () => client.isOpen && client.destroy();
  const limit = setTimeout(giveUp, STARTING_LIMIT);
  void ended.then(giveUp);
  try {
    await client.connect();
    const info = await client.info('server');
    const pid = Number(info.match(/^process_id:(\d+)/m)?.[1]);
    return { pid, version: info.match(/^(?:valkey|redis)_version:(\S+)/m)?.[1] ?? '' };
  } catch (error) {
    return { ended: `it did not answer within ${STARTING_LIMIT / 1000} s (${(error as Error).message})` };
  } finally {
    clearTimeout(limit);
    giveUp();
  }
}

async function end(keeper: ChildProcess): Promise<undefined> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  keeper.ref();
  const gone = once(keeper, 'exit');
  if (keeper.connected) keeper.disconnect();
  await gone;
}
