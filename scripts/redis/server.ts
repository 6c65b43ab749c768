import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createClient } from 'redis';
import { EngineError } from '../mongo/engine-error.ts';
import { OwnChild } from '../processes/own-child.ts';
import { supervise } from '../processes/supervisor.ts';
import { freePort } from '../shared/free-port.ts';
import type { Redis } from './types.ts';

/** Names of the program. Valkey is the fork in many Linux distributions, Memurai is a Redis for Windows. */
const NAMES =
  process.platform === 'win32'
    ? ['redis-server.exe', 'memurai.exe', 'valkey-server.exe']
    : ['redis-server', 'valkey-server'];
/** The limit for a server's first answer, in milliseconds: most need a hundredth of it. */
const START_TIMEOUT_MS = 60_000;
/** How often another program may take a port between the search for a free one and its use. */
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
 * Starts the server at `path` on a free port of 127.0.0.1. It stores nothing on disk. It ends when this process ends, even
 * by SIGKILL.
 * @throws {EngineError} when it does not start
 */
export async function startServer(path: string): Promise<Redis> {
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort();
    // This name identifies our server: another program's Redis may have taken the port meanwhile. A process ID would not do, because
    // Scoop and Chocolatey start a server through another process.
    const mark = `workshop-${randomUUID()}.rdb`;
    const { server, own, ended } = spawnServer(path, port, mark);
    const url = `redis://127.0.0.1:${port}`;
    const found = await Promise.race([whoAnswers(url, ended), ended]);
    if (found.mark === mark) {
      if (found.pid !== server.pid) supervise(server, found.pid);
      // The server does not keep this process alive.
      keepAlive(server, false);
      const name = found.isValkey ? 'valkey-server' : basename(path, '.exe');
      return { words: `${name} ${found.version}`, url, stop: () => end(server, own) };
    }
    await end(server, own);
    said = found.ended ?? (await ended).ended ?? '';
  }
  throw new EngineError(`${path} did not start. It says: ${said || 'nothing'}`);
}

/** The server's data about itself. */
interface ServerState {
  /** The name of the file that it would save to. */
  readonly mark?: string;
  readonly pid?: number;
  readonly version?: string;
  /** Whether it is a Valkey, whatever its program's name. */
  readonly isValkey?: boolean;
  /** The server has ended or does not answer: what it printed last, or why. */
  readonly ended?: string;
}

type Server = ChildProcessByStdio<null, Readable, Readable>;

/** How much of a server's output is kept, in characters. */
const MOST_KEPT = 2000;

/** Starts a server that ends with this process, in any case. @returns it, and its last output once it has ended */
function spawnServer(path: string, port: number, mark: string) {
  const listen = ['--port', String(port), '--bind', '127.0.0.1'];
  const args = [...listen, '--save', '', '--appendonly', 'no', '--dbfilename', mark];
  const server = spawn(path, args, {
    // The folder only matters to a server that writes files. This one writes none.
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl+C in a terminal goes to a whole process group. We end the server ourselves.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const own = new OwnChild(server);
  let printed = '';
  const hear = (text: string) => {
    printed = (printed + text).slice(-MOST_KEPT);
  };
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', hear);
  server.on('error', (error) => hear(error.message));
  const ended = own.ended.then((): ServerState => ({ ended: printed.trim() }));
  return { server, own, ended };
}

/** Sets whether the server keeps this process alive. */
function keepAlive(server: Server, alive: boolean): void {
  for (const each of [server, server.stdout as Socket, server.stderr as Socket])
    alive ? each.ref() : each.unref();
}

/** Tries to connect until a server answers, or ours has ended. */
async function whoAnswers(url: string, ended: Promise<unknown>): Promise<ServerState> {
  const client = createClient({ url, socket: { reconnectStrategy: () => 20 } });
  client.on('error', () => {});
  const giveUp = () => client.isOpen && client.destroy();
  const limit = setTimeout(giveUp, START_TIMEOUT_MS);
  void ended.then(giveUp);
  try {
    await client.connect();
    const info = await client.info('server');
    const pid = Number(info.match(/^process_id:(\d+)/m)?.[1]);
    const { dbfilename: mark = '' } = await client.configGet('dbfilename');
    return { pid, mark, ...versionIn(info) };
  } catch (error) {
    return { ended: `it did not answer within ${START_TIMEOUT_MS / 1000} s (${(error as Error).message})` };
  } finally {
    clearTimeout(limit);
    giveUp();
  }
}

/** The version in INFO. A Valkey reports its own, and that of the Redis that it is compatible with. */
export function versionIn(info: string): { version: string; isValkey: boolean } {
  const [, valkey] = /^valkey_version:(\S+)/m.exec(info) ?? [];
  const [, redis = ''] = /^redis_version:(\S+)/m.exec(info) ?? [];
  return { version: valkey ?? redis, isValkey: valkey !== undefined };
}

async function end(server: Server, own: OwnChild): Promise<void> {
  keepAlive(server, true);
  await own.end();
}
