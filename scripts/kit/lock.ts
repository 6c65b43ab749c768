import { isFor, type Platform, type Restricted } from './platforms.ts';

/** The part of package-lock.json that a kit needs. */
export interface LockFile {
  packages: Record<
    string,
    Restricted & { version?: string; integrity?: string; dev?: boolean; resolved?: string }
  >;
}

/** A package's archive. */
export interface Tarball {
  /** 'express@5.3.0', the argument for npm */
  readonly spec: string;
  /** 'express-5.3.0.tgz', npm's file name */
  readonly file: string;
  /** Its checksum in the lock file: 'sha512-…' */
  readonly integrity: string;
}

/** The archives that an installation on these platforms needs. @param dev include development packages */
export function neededTarballs(lock: LockFile, platforms: readonly Platform[], dev: boolean): Tarball[] {
  const needed = new Map<string, Tarball>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || (entry.dev && !dev) || !isFor(entry, platforms)) continue;
    const tarball = tarballOf(path, entry);
    needed.set(tarball.spec, tarball);
  }
  return [...needed.values()];
}

function tarballOf(path: string, { version = '', integrity = '' }: LockFile['packages'][string]): Tarball {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  return { spec: `${name}@${version}`, file, integrity };
}

/**
 * The lock file of a kit: npm installs each package from its archive and verifies the original checksum.
 * @param folder the archives' folder, relative to the lock file
 */
export function pointedAt(lock: LockFile, tarballs: readonly Tarball[], folder: string): LockFile {
  const there = new Set(tarballs.map(({ spec }) => spec));
  const packages = Object.entries(lock.packages).map(([path, entry]) => {
    const { spec, file } = tarballOf(path, entry);
    return [path, there.has(spec) ? { ...entry, resolved: `file:${folder}/${file}` } : entry];
  });
  return { ...lock, packages: Object.fromEntries(packages) };
}
