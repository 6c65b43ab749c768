import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copySync, isLeftBehind } from '../setup/files.mjs';
import { SUMS, sha256Of } from '../setup/kit.mjs';
import { shown } from '../shared/paths.ts';

/** The top level of a clone. A list, because a ZIP download has no git, and because `.env` must not be copied. */
export const TOP = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'vitest.config.ts'],
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE'],
  ...['.env.example', '.gitattributes', '.gitignore', '.ci', '.devcontainer', '.github'],
  ...['checks', 'findings', 'lessons', 'scripts', 'solutions'],
] as const;

/** Never copied: settings with secrets, and logs. */
const LEFT_OUT = /^(?:\.env|\.npmrc|node_modules)$|\.log$/;

/** Copies the workshop from this working tree, without answers. */
export function copyWorkshop(root: string, to: string): void {
  const isWanted = (path: string) => !LEFT_OUT.test(basename(path)) && !isLeftBehind(basename(path));
  for (const name of TOP.filter((each) => existsSync(join(root, each)))) {
    copySync(join(root, name), join(to, name), isWanted);
  }
}

/** Writes a list of all files with checksums, which shows a damaged copy. */
export function writeChecksums(kit: string): number {
  const paths = readdirSync(kit, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const lines = paths
    .map((path) => `${sha256Of(path)}  ${shown(path, kit)}\n`)
    .sort((a, b) => a.localeCompare(b));
  writeFileSync(join(kit, SUMS), lines.join(''));
  return paths.length + 1;
}
