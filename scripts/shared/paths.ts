import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workshop's folder: where package.json is. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A path as the workshop shows it: relative to its folder, with forward slashes on every system. */
export function shown(path: string, root = ROOT): string {
  return relative(root, path).split(sep).join('/');
}
