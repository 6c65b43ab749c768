import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { MongoInstance } from 'mongodb-memory-server-core';
import { EngineError } from './engine-error.ts';
import type { Mongo } from './index.ts';
import { sweepByIndexes } from './ttl-sweep.ts';

/** How long `mongod --version` may take, in milliseconds: a virus scanner may read a big binary first. */
const VERSION_WITHIN = 10_000;
const WAY_OUT = 'WORKSHOP_MONGO=embedded does without it.';

/**
 * Starts the real mongod at `path` on an empty folder of its own that `stop` deletes.
 *
 * It ends with this process: mongodb-memory-server runs a small detached process beside it that looks every two seconds whether we still live and kills mongod
 * when not, so also after SIGINT, SIGTERM and SIGKILL. A normal exit without `stop` is cleaned up here, folder included; after a signal that nobody handles
 * only the folder stays, in the system's temporary folder.
 * @throws {EngineError} when it cannot be run, is no mongod, or does not start
 */
export async function startMongod(path: string): Promise<Mongo> {
  const version = await versionOf(path);
  const port = await getPort({ host: '127.0.0.1' });
  const dbPath = await mkdtemp(join(tmpdir(), 'workshop-mongod-'));
  try {
    const instance = await MongoInstance.create({
      instance: { port, dbPath, ip: '127.0.0.1' },
      binary: { systemBinary: path, version },
    });
    const onExit = () => {
      instance.mongodProcess?.kill('SIGKILL');
      rmSync(dbPath, { recursive: true, force: true });
    };
    process.once('exit', onExit);
    const stop = async () => {
      process.off('exit', onExit);
      await instance.stop();
      await rm(dbPath, { recursive: true, force: true, maxRetries: 5 });
    };
    const uri = `mongodb://127.0.0.1:${port}/`;
    return { kind: 'mongod', version, uri, sweep: (now) => sweepByIndexes(uri, now), stop };
  } catch (error) {
    await rm(dbPath, { recursive: true, force: true, maxRetries: 5 });
    throw new EngineError(`${path} did not start (${firstLine(error)}). ${WAY_OUT}`);
  }
}

/** What the binary says it is, such as 8.2.6 from "db version v8.2.6". @throws {EngineError} when it says nothing of the kind */
export async function versionOf(path: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: VERSION_WITHIN });
    const version = /db version v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
    if (version !== undefined) return version;
  } catch (error) {
    throw new EngineError(`${path} cannot be run (${firstLine(error)}). ${WAY_OUT}`);
  }
  throw new EngineError(`${path} is no mongod: it does not tell its version. ${WAY_OUT}`);
}

/** The libraries put whole traces into their messages; the first line says what happened. */
function firstLine(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.trim().replace(/[.:]$/, '');
}
