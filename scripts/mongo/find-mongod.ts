import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const WINDOWS = process.platform === 'win32';

/**
 * The path of a mongod that is already on this machine, or undefined: MONGOMS_SYSTEM_BINARY, else one on the PATH, else one that
 * mongodb-memory-server has downloaded. Looks at the file system only, since importing that library costs more than the search.
 * A MONGOMS_SYSTEM_BINARY is returned even when there is no such file: the user must learn that it cannot be started.
 */
export async function findMongod(): Promise<string | undefined> {
  return process.env.MONGOMS_SYSTEM_BINARY || (await onPath()) || (await inCaches());
}

async function onPath(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return firstExecutable(folders.map((folder) => join(folder, WINDOWS ? 'mongod.exe' : 'mongod')));
}

/** The folders mongodb-memory-server 11 downloads into (its DryMongoBinary.generatePaths). */
function cacheFolders(): string[] {
  const configured = process.env.MONGOMS_DOWNLOAD_DIR;
  return [
    ...(configured ? [configured] : []),
    join(homedir(), '.cache', 'mongodb-binaries'),
    join(process.cwd(), 'node_modules', '.cache', 'mongodb-memory-server-core'),
    join(process.cwd(), 'mongodb-binaries'),
  ];
}

async function inCaches(): Promise<string | undefined> {
  const found = await Promise.all(cacheFolders().map(downloadedIn));
  return firstExecutable(found.flat());
}

/** Complete downloads for this machine, newest version first. The checksum beside a binary is written last. */
async function downloadedIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const wanted = process.env.MONGOMS_VERSION ?? '';
  return names
    .filter((name) => name.startsWith(`mongod-${process.arch}-`) && names.includes(`${name}.md5`))
    .filter((name) => isForThisSystem(name) && name.replace(/\.exe$/, '').endsWith(wanted))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

/** A folder used on several machines has binaries for several systems: those for Linux are named after the distribution. */
function isForThisSystem(name: string): boolean {
  const [, system = 'linux'] = /-(win32|darwin)-/.exec(name) ?? [];
  return system === process.platform;
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return undefined;
}
