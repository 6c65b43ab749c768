import { existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { removeAbandoned } from '../../processes/abandoned.ts';
import { copySync, linkOrCopySync, tidySync } from '../../setup/files.mjs';
import { EnvironmentError } from '../../shared/errors.ts';

/** A copy of an app that the audit runs, so that nothing the app writes reaches its own folder. */
export interface AppCopy {
  readonly dir: string;
  remove(): void;
}

const LEFT_OUT = new Set(['node_modules', '.git']);
const MOST_BYTES = 1024 ** 3;

/**
 * Copies an app without its packages and links these. The copy is below folders of the same names as the original, with
 * the packages of those folders: a monorepo installs at its top. Removes copies that a killed audit left.
 * @throws {EnvironmentError} when it is larger than 1 GB
 */
export function copyApp(dir: string): AppCopy {
  const place = realpathSync(tmpdir());
  removeAbandoned(place, /^workshop-audit-(\d+)-/);
  const home = mkdtempSync(join(place, `workshop-audit-${process.pid}-`));
  try {
    const above = foldersAbove(dir);
    const copy = join(home, ...above.map((each) => basename(each) || 'root'), basename(dir) || 'app');
    mkdirSync(copy, { recursive: true });
    copySync(dir, copy, wantedOf(dir));
    let at = copy;
    // Where Node searches packages: in the app's folder, then in each above.
    for (const original of [dir, ...above.toReversed()]) {
      const packages = join(original, 'node_modules');
      if (existsSync(packages)) linkOrCopySync(realpathSync(packages), join(at, 'node_modules'));
      at = dirname(at);
    }
    const onExit = () => tidySync(home);
    process.once('exit', onExit);
    return {
      dir: copy,
      remove: () => {
        process.off('exit', onExit);
        tidySync(home);
      },
    };
  } catch (error) {
    tidySync(home);
    throw error;
  }
}

/** What is copied: files and folders, but no sockets, no broken links, and no links to a folder that contains them. */
function wantedOf(dir: string): (path: string) => boolean {
  let bytes = 0;
  return (path) => {
    if (path !== dir && LEFT_OUT.has(basename(path))) return false;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats || (!stats.isFile() && !stats.isDirectory())) return false;
    if (lstatSync(path).isSymbolicLink() && `${path}${sep}`.startsWith(`${realpathSync(path)}${sep}`))
      return false;
    bytes += stats.isFile() ? stats.size : 0;
    if (bytes > MOST_BYTES)
      throw new EnvironmentError(
        `${dir} is larger than 1 GB without its packages. The audit runs a copy: name a smaller folder.`,
      );
    return true;
  };
}

/** From the highest folder down to the one that contains the app. */
function foldersAbove(dir: string): string[] {
  const found: string[] = [];
  for (let at = dirname(dir); dirname(at) !== at; at = dirname(at)) found.unshift(at);
  return found;
}
