import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copySync } from '../setup/files.mjs';
import { SUMS, sha256Of } from '../setup/kit.mjs';
import { shown } from '../shared/paths.ts';

/** What a clone has at its top. A list, because a ZIP download has no git to ask, and because `.env` must not get on a stick. */
export const TOP = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'vitest.config.ts'],
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE'],
  ...['.env.example', '.gitattributes', '.gitignore', '.ci', '.github'],
  ...['checks', 'lessons', 'scripts', 'solutions'],
] as const;

/** Not the workshop's, wherever it lies: settings with secrets, logs, what a file manager leaves. */
const LEFT_OUT = /^(?:\.env|\.npmrc|\.DS_Store|Thumbs\.db|node_modules)$|\.log$/;

/** Copies the workshop as this working tree has it, without anybody's answers. */
export function copyWorkshop(root: string, to: string): void {
  const isWanted = (path: string) => !LEFT_OUT.test(basename(path));
  for (const name of TOP.filter((each) => existsSync(join(root, each)))) {
    copySync(join(root, name), join(to, name), isWanted);
  }
}

/** Writes the list of all files with their checksums, so that a damaged copy is noticed. */
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
