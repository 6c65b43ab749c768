import { relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { escapeRegExp } from './escape-regexp.ts';

/** The workshop's folder: where package.json is. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A path as the workshop shows it: relative to its folder, with forward slashes on every system. */
export function shown(path: string, root = ROOT): string {
  return relative(root, path).split(sep).join('/');
}

/** Replaces the paths and URLs of a folder's files in a text, such as a stack trace, by what the workshop shows. */
export function withShownPaths(text: string, dir: string, root = ROOT): string {
  const [path, url] = [dir, pathToFileURL(dir).href].map(escapeRegExp);
  const places = new RegExp(`(?:${url}|${path})((?:[\\\\/][^\\s:()'"]*)?)`, 'g');
  return text.replace(places, (_, below: string) => shown(dir, root) + below.replaceAll('\\', '/'));
}
