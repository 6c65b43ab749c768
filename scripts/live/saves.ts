import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** Editors write in several steps: a save is over when nothing has happened for this long, in milliseconds. */
const SETTLE_MS = 60;

/** Folders that are watched for saves. */
export interface Watch {
  /** Resolves when every save that was noticed has been called back for. */
  idle(): Promise<void>;
  /** Stops watching. It does not wait for a callback that is running. */
  stop(): Promise<void>;
}

/**
 * Calls back at once, and then after each save in these folders; never twice at the same time. What is saved meanwhile
 * becomes one more call afterwards, if a file has changed: an editor that saves by renaming is noticed twice. Prose does not count.
 * chokidar was chosen because it sees the saves of all editors (in place, by rename) on all systems.
 * @param callback gets the files that were saved since it was called last
 * @param say prints why a callback failed, and why saves are not noticed
 */
export function onSave(
  dirs: readonly string[],
  callback: (saved: readonly string[]) => Promise<void>,
  say: (line: string) => void,
): Watch {
  let busy = false;
  let waiting = false;
  let idle = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let saved = new Set<string>();

  const workOff = async () => {
    let began: string;
    do {
      waiting = false;
      began = contentOf(dirs);
      const since = [...saved];
      saved = new Set();
      // An error does not stop the later saves.
      await callback(since).catch((error: Error) => say(error.message));
    } while (waiting && began !== contentOf(dirs));
    busy = false;
  };
  const settle = () => {
    if (busy) waiting = true;
    else {
      busy = true;
      idle = workOff();
    }
  };
  const watcher = watch([...dirs], {
    ignoreInitial: true,
    ignored: (path) => isNoSave(path, dirs),
  });
  watcher.on('all', (_event, path) => {
    saved.add(path);
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLE_MS);
  });
  // Without a listener an error would end the command.
  watcher.on('error', (error) =>
    say(`Saves may not be noticed: ${(error as Error).message}. After a save, open the lesson anew.`),
  );
  settle();
  return {
    idle: () => idle,
    stop: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

/** A hash of the contents of the files in these folders. */
function contentOf(dirs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const dir of dirs) {
    for (const file of filesIn(dir)) {
      if (isNoSave(file, dirs)) continue;
      hash.update(`${file}\0${bytesOf(file)}`);
    }
  }
  return hash.digest('hex');
}

/** None when the folder is gone, or may not be read. */
function filesIn(dir: string): string[] {
  try {
    if (!statSync(dir).isDirectory()) return [dir];
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => join(dir, name));
  } catch {
    return [];
  }
}

/** As text, byte by byte. Empty while a file is being replaced, and on Windows while it is being written. */
function bytesOf(file: string): string {
  try {
    return statSync(file).isFile() ? readFileSync(file, 'latin1') : '';
  } catch {
    return '';
  }
}

/**
 * Prose, packages, and what editors and file managers write beside a file: `.app.ts.swp`, `.DS_Store`, and `._app.ts` of macOS
 * on other disks. Only the path inside the watched folder counts.
 */
export function isNoSave(path: string, dirs: readonly string[]): boolean {
  const inside = dirs.map((dir) => relative(dir, path)).find((way) => !way.startsWith('..')) ?? path;
  const names = inside.split(sep);
  const isHidden = names.some((name) => /^\.[^.]/.test(name) || /^(?:Thumbs\.db|desktop\.ini)$/i.test(name));
  return isHidden || /\.md$|[~#]$/.test(inside) || names.includes('node_modules');
}
