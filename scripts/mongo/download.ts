import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DryMongoBinary } from 'mongodb-memory-server';
import { LockFile } from 'mongodb-memory-server-core/lib/util/lockfile.js';
import { lockfilePath } from 'mongodb-memory-server-core/lib/util/utils.js';
import { removeAbandoned } from '../processes/abandoned.ts';
import { moveSync, tidySync } from '../setup/files.mjs';
import { EXIT } from '../shared/errors.ts';
import { forgetFailure, rememberFailure } from './download-memory.ts';
import { Progress } from './download-progress.ts';
import { Downloader } from './downloader.ts';
import { DownloadFailed } from './engine-error.ts';
import { downloadsSwitchedOff } from './may-download.ts';
import { Unavailable } from './probe.ts';

/** How long a wait for another process stays unmentioned, in milliseconds. */
const SILENT_WAIT = 500;

let running: Promise<string> | undefined;

/**
 * Downloads a mongod into mongodb-memory-server's cache and returns its path, or the path of one that another process has put there meanwhile. Reports on
 * stderr what it does. A failure is remembered for a day under `root`/.workshop, a success forgets it. Two calls in one process share one download.
 *
 * Ctrl+C ends the process with 130, leaves no file behind and is remembered like a failure.
 * @throws {DownloadFailed} when no mongod can be downloaded
 */
export function fetchMongod(root: string): Promise<string> {
  running ??= fetch(root).finally(() => {
    running = undefined;
  });
  return running;
}

async function fetch(root: string): Promise<string> {
  if (downloadsSwitchedOff()) throw new DownloadFailed('MONGOMS_RUNTIME_DOWNLOAD forbids to download one');
  const progress = new Progress();
  const onInterrupt = () => {
    rememberFailure(root, 'the download was stopped');
    progress.say('Stopped. The embedded engine does its work; npm run mongod downloads again.');
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', onInterrupt);
  try {
    const path = await locked(progress);
    forgetFailure(root);
    return path;
  } catch (error) {
    const reason = reasonOf(error);
    rememberFailure(root, reason);
    throw new DownloadFailed(reason);
  } finally {
    progress.clear();
    process.off('SIGINT', onInterrupt);
  }
}

/**
 * One process at a time, by mongodb-memory-server's own lock file. Two processes can take that lock at the same moment, so nothing
 * here breaks when they do: each works in a folder of its own, and the last step moves the same file into place twice.
 */
async function locked(progress: Progress): Promise<string> {
  const options = await DryMongoBinary.generateOptions({});
  const final = join(options.downloadDir, await DryMongoBinary.getBinaryName(options));
  await mkdir(options.downloadDir, { recursive: true });
  const lockFile = lockfilePath(options.downloadDir, options.version);
  const notice = setTimeout(
    () => progress.say('Another process is downloading mongod; waiting for it. Ctrl+C stops waiting.'),
    SILENT_WAIT,
  );
  const lock = await LockFile.lock(lockFile).finally(() => clearTimeout(notice));
  const unlock = () => tidySync(lockFile);
  process.once('exit', unlock);
  try {
    if (existsSync(final) && existsSync(`${final}.md5`)) return final;
    // Removes what killed processes left.
    removeAbandoned(options.downloadDir, /^\.workshop-(\d+)-/);
    return await download(options, final, progress);
  } finally {
    process.off('exit', unlock);
    // It throws when another process took the lock in that moment; the lock is then the other's to remove.
    await lock.unlock().catch(() => {});
  }
}

/**
 * A mongod for any system, in `folder` with its checksum beside it: the one in `folder`, or in mongodb-memory-server's cache, or a download.
 * A failure is not remembered, since the mongod is not for this machine.
 * @throws {Unavailable} when it cannot be had; {Error} when none is made for that system
 */
export async function mongodFor(system: { platform: string; arch: string }, folder: string): Promise<string> {
  const os = system.platform === process.platform ? undefined : ELSEWHERE[system.platform];
  const options = await DryMongoBinary.generateOptions({ ...system, ...(os && { os }) });
  const name = await DryMongoBinary.getBinaryName(options);
  const [final, cached] = [join(folder, name), join(options.downloadDir, name)];
  const isWhole = (path: string) => existsSync(path) && existsSync(`${path}.md5`);
  await mkdir(folder, { recursive: true });
  if (isWhole(final)) return final;
  if (isWhole(cached)) {
    // The checksum last: a binary without it is ignored.
    for (const end of ['', '.md5']) await copyFile(`${cached}${end}`, `${final}${end}`);
    return final;
  }
  if (downloadsSwitchedOff()) throw new Unavailable('MONGOMS_RUNTIME_DOWNLOAD forbids to download one');
  const progress = new Progress();
  return download({ ...options, downloadDir: folder }, final, progress).finally(() => progress.clear());
}

/** For Linux elsewhere, the build for Ubuntu 22.04, which runs on most distributions. */
const ELSEWHERE: Readonly<Record<string, AnyOS>> = {
  win32: { os: 'win32' },
  darwin: { os: 'darwin' },
  linux: { os: 'linux', dist: 'ubuntu', release: '22.04' },
};

type AnyOS = NonNullable<NonNullable<Parameters<typeof DryMongoBinary.generateOptions>[0]>['os']>;

type Options = Awaited<ReturnType<typeof DryMongoBinary.generateOptions>>;

/** Incomplete files are in a folder of their own, so that neither a kill nor a broken archive leaves a mongod that is later used. */
async function download(options: Options, final: string, progress: Progress): Promise<string> {
  const folder = await mkdtemp(join(options.downloadDir, `.workshop-${process.pid}-`));
  const remove = () => tidySync(folder);
  process.once('exit', remove);
  const downloader = new Downloader({ ...options, downloadDir: folder }, progress);
  try {
    const binary = await downloader.getMongodPath();
    // The binary last: it counts only with its checksum beside it.
    moveSync(`${binary}.md5`, `${final}.md5`);
    moveSync(binary, final);
  } catch (error) {
    if (error instanceof Unavailable || !downloader.host) throw error;
    throw new Unavailable(`the download from ${downloader.host} failed (${firstLine(error)})`);
  } finally {
    process.off('exit', remove);
    remove();
  }
  progress.say(`${basename(final)} is complete. It is kept in ${dirname(final)}.`);
  return final;
}

function reasonOf(error: unknown): string {
  return error instanceof Unavailable ? error.message : `none could be downloaded (${firstLine(error)})`;
}

/** The library's messages have several lines, and its DownloadError has the cause in a separate field. */
function firstLine(error: unknown): string {
  const { msg, message } = error as { msg?: string; message: string };
  return (
    (msg ?? message)
      .split('\n')[0]
      ?.trim()
      .replace(/[.:!]$/, '') ?? ''
  );
}
