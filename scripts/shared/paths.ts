import { relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The workshop's folder: where package.json is. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A path as the workshop shows it: relative to its folder, with forward slashes on every system. */
export function shown(path: string, root = ROOT): string {
  return relative(root, path).split(sep).join('/');
}

/** Text that names files of a folder by their paths or URLs, such as a stack trace, with each of them as the workshop shows it. */
export function withShownPaths(text: string, dir: string, root = ROOT): string {
  const [path, url] = [dir, pathToFileURL(dir).href].map((each) =>
    each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  const places = new RegExp(`(?:${url}|${path})((?:[\\\\/][^\\s:()'"]*)?)`, 'g');
  return text.replace(places, (_, below: string) => shown(dir, root) + below.replaceAll('\\', '/'));
}
