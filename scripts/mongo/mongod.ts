import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { MongoInstance } from 'mongodb-memory-server';
import { tidySync } from '../setup/files.mjs';
import { EngineError } from './engine-error.ts';
import { sweepByIndexes } from './mongod-ttl-sweep.ts';
import type { Mongo } from './types.ts';

/** A virus scanner may read the big binary first, and a busy machine is slow. */
const VERSION_TIMEOUT_MS = 60_000;
/** mongodb-memory-server gives up after 10 s, which is too short on a busy machine. */
const LAUNCH_TIMEOUT_MS = 60_000;
const WAY_OUT = 'WORKSHOP_MONGO=embedded does without it.';

/**
 * Starts the real mongod at `path` on an empty folder of its own that `stop` deletes.
 *
 * mongod ends with this process, even after SIGKILL: mongodb-memory-server runs a small detached process that checks every two
 * seconds whether this one runs. A normal exit without `stop` deletes the folder too. After a signal that nobody handles
 * the folder stays, in the system's temporary folder.
 * @param sweepsItself false: its TTL monitor is off, and `sweep` removes expired documents
 * @throws {EngineError} when it cannot be run, is not a mongod, or does not start
 */
export async function startMongod(path: string, sweepsItself = true): Promise<Mongo> {
  const version = await versionOf(path);
  const port = await getPort({ host: '127.0.0.1' });
  const dbPath = await mkdtemp(join(tmpdir(), 'workshop-mongod-'));
  try {
    const instance = await MongoInstance.create({
      instance: {
        port,
        dbPath,
        ip: '127.0.0.1',
        launchTimeout: LAUNCH_TIMEOUT_MS,
        ...(!sweepsItself && { args: ['--setParameter', 'ttlMonitorEnabled=false'] }),
      },
      binary: { systemBinary: path, version },
    });
    const onExit = () => {
      instance.mongodProcess?.kill('SIGKILL');
      tidySync(dbPath);
    };
    process.once('exit', onExit);
    const stop = async () => {
      process.off('exit', onExit);
      await instance.stop();
      tidySync(dbPath);
    };
    const uri = `mongodb://127.0.0.1:${port}/`;
    return { kind: 'mongod', version, uri, sweep: (now) => sweepByIndexes(uri, now), stop };
  } catch (error) {
    tidySync(dbPath);
    throw new EngineError(`${path} did not start (${firstLine(error)}). ${WAY_OUT}`);
  }
}

/** The binary's version, such as 8.2.6 from "db version v8.2.6". @throws {EngineError} when it prints none */
export async function versionOf(path: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: VERSION_TIMEOUT_MS });
    const version = /db version v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
    if (version !== undefined) return version;
  } catch (error) {
    throw new EngineError(
      `${path} cannot be run (${firstLine(error)}). ${quarantine(path, error)}${WAY_OUT}`,
    );
  }
  throw new EngineError(`${path} is no mongod: it does not tell its version. ${WAY_OUT}`);
}

/**
 * macOS kills a program that came by a browser, AirDrop or a ZIP from mail, and says so only in a window.
 * What the workshop downloads itself has no quarantine attribute.
 */
export function quarantine(path: string, error: unknown, platform = process.platform): string {
  if (platform !== 'darwin' || (error as { signal?: string }).signal !== 'SIGKILL') return '';
  return `macOS may hold it in quarantine: xattr -d com.apple.quarantine "${path}" releases it. `;
}

/** The libraries put whole stack traces into their messages. The first line is enough. */
function firstLine(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.trim().replace(/[.:]$/, '');
}
