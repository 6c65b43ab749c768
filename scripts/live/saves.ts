import { relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** Editors write in several steps: a save is over when nothing has happened for this long, in milliseconds. */
const QUIET = 60;

/**
 * Calls back at once, and then after each save in these folders; never twice at the same time: what is saved meanwhile
 * counts as one more save afterwards. Prose does not count. chokidar was chosen because it sees the saves of all
 * editors (in place, by rename) on all systems.
 * @returns a function that stops watching; it does not wait for a callback that is running
 */
export function onSave(dirs: readonly string[], callback: () => Promise<void>): () => Promise<void> {
  let busy = false;
  let waiting = false;
  let timer: NodeJS.Timeout | undefined;

  const settle = async () => {
    if (busy) {
      waiting = true;
      return;
    }
    busy = true;
    do {
      waiting = false;
      await callback();
    } while (waiting);
    busy = false;
  };
  const watcher = watch([...dirs], {
    ignoreInitial: true,
    ignored: (path) => isNoSave(path, dirs),
  });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void settle(), QUIET);
  });
  void settle();
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}

/** Prose, what editors write beside a file, and packages. Only the path inside the watched folder counts. */
export function isNoSave(path: string, dirs: readonly string[]): boolean {
  const inside = dirs.map((dir) => relative(dir, path)).find((way) => !way.startsWith('..')) ?? path;
  return /\.md$|[~#]$/.test(inside) || inside.split(sep).includes('node_modules');
}
