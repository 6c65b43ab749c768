import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What runs, or what running code reads. */
const CODE = /(?<!\.d)\.(?:ts|js|cjs|mjs|json|node|exe|ejs)$|^[^.]+$/;

/** The files of code in a folder, at any depth: paths that begin with the folder's. */
export function codeIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return codeIn(path);
    return entry.isFile() && CODE.test(entry.name) ? [path] : [];
  });
}

/** The code of the installed packages that learners' commands use. */
export function installedCode(root: string): string[] {
  const list = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return [];
  const { packages } = JSON.parse(readFileSync(list, 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => !dev && !devOptional && !path.includes('/@types/'))
    .flatMap(([path]) => codeIn(join(root, path)));
}

/** When a file was written last, and how long it is; empty when there is none. */
export function stampOf(file: string): string {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size}` : '';
}
