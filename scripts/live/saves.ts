import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** Editors write in several steps: a save is over when nothing has happened for this long, in milliseconds. */
const QUIET = 60;

/**
 * Calls back at once, and then after each save in these folders; never twice at the same time: what is saved meanwhile
 * counts as one more save afterwards, if it changed a file: an editor that saves by renaming is noticed twice. Prose does not count.
 * chokidar was chosen because it sees the saves of all editors (in place, by rename) on all systems.
 * @param callback is given the files that were saved since it was called last
 * @returns a function that stops watching; it does not wait for a callback that is running
 */
export function onSave(
  dirs: readonly string[],
  callback: (saved: readonly string[]) => Promise<void>,
): () => Promise<void> {
  let busy = false;
  let waiting = false;
  let timer: NodeJS.Timeout | undefined;
  let saved = new Set<string>();

  const settle = async () => {
    if (busy) {
      waiting = true;
      return;
    }
    busy = true;
    let began: string;
    do {
      waiting = false;
      began = contentOf(dirs);
      const since = [...saved];
      saved = new Set();
      await callback(since);
    } while (waiting && began !== contentOf(dirs));
    busy = false;
  };
  const watcher = watch([...dirs], {
    ignoreInitial: true,
    ignored: (path) => isNoSave(path, dirs),
  });
  watcher.on('all', (_event, path) => {
    saved.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => void settle(), QUIET);
  });
  void settle();
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}

/** A fingerprint of what the files in these folders say. */
function contentOf(dirs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const dir of dirs) {
    for (const file of filesIn(dir)) {
      if (isNoSave(file, dirs)) continue;
      hash.update(`${file}\0`);
      // A file that is being replaced is gone for a moment.
      hash.update(statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : '');
    }
  }
  return hash.digest('hex');
}

function filesIn(dir: string): string[] {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats ? [dir] : [];
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => join(dir, name));
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
