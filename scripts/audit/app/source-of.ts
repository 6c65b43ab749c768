import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseEnv } from 'node:util';
import { isLeftBehind } from '../../setup/files.mjs';

/** A text file of an app: its path with forward slashes, relative to the app's folder. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const SKIPPED = new Set([
  'node_modules',
  '.git',
  'coverage',
  '.next',
  '.cache',
  'public',
  'static',
  'client',
  'frontend',
  'test',
  'tests',
  '__tests__',
]);
const SOURCE = /\.(?:[cm]?[jt]sx?)$/;
const MOST_FILES = 3000;
const MOST_BYTES = 512 * 1024;

/** The app's own source files, without test files and front ends. */
export function readSources(dir: string): SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (found.length >= MOST_FILES) return;
      if (isLeftBehind(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) visit(path);
      } else if (entry.isFile() && SOURCE.test(entry.name) && !/\.(?:test|spec|min)\./.test(entry.name)) {
        if (statSync(path).size <= MOST_BYTES)
          found.push({ path: relative(dir, path).split(sep).join('/'), text: readFileSync(path, 'utf8') });
      }
    }
  };
  visit(dir);
  return found;
}

/** Names of the environment variables that sources read. */
export function variablesIn(sources: readonly SourceFile[]): string[] {
  const names = new Set<string>();
  for (const { text } of sources) {
    for (const [, dotted, quoted] of text.matchAll(
      /process\.env(?:\.([A-Za-z_]\w*)|\[\s*['"`]([A-Za-z_]\w*)['"`]\s*\])/g,
    ))
      names.add(dotted ?? quoted ?? '');
    for (const [, dotted, quoted] of text.matchAll(
      /\benv(?:\.([A-Z][A-Z\d_]+)\b|,\s*['"]([A-Z][A-Z\d_]+)['"])/g,
    ))
      names.add(dotted ?? quoted ?? '');
    for (const [, inside = ''] of text.matchAll(/\{([^{}]*)\}\s*=\s*process\.env\b/g))
      for (const part of inside.split(',')) {
        const [, name] = /^\s*([A-Za-z_]\w*)/.exec(part) ?? [];
        if (name) names.add(name);
      }
  }
  names.delete('');
  return [...names];
}

/** Variables that sources compare with a word for production, and that word: `process.env.APP_ENV === 'production'`. */
export function switchesIn(sources: readonly SourceFile[]): Record<string, string> {
  const found: Record<string, string> = {};
  const names = new Set(variablesIn(sources));
  for (const { text } of sources)
    for (const [, name = '', word = ''] of text.matchAll(
      /\b([A-Z][A-Z\d_]*)(?:['"`]\s*\])?\s*[!=]==?\s*['"`](prod(?:uction)?|live|true)['"`]/g,
    ))
      if (names.has(name) && name !== 'NODE_ENV' && (word !== 'true' || /PROD|LIVE/.test(name)))
        found[name] = word;
  return found;
}

const ENV_FILES = [
  '.env',
  '.env.local',
  '.env.development',
  'config/config.env',
  'config.env',
  'config/.env',
];
const SAMPLES = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  'env.example',
  'sample.env',
  'example.env',
  '.example.env',
  '.sample.env',
];

/** What the app's own .env files set, and what a sample of one has. */
export function readEnvFiles(dir: string): { own: NodeJS.Dict<string>; sample: NodeJS.Dict<string> } {
  const read = (names: readonly string[]) =>
    names.filter((name) => existsSync(join(dir, name))).map((name) => parsedEnv(join(dir, name)));
  return {
    own: Object.assign({}, ...read(ENV_FILES).reverse()),
    sample: Object.assign({}, ...read(SAMPLES).reverse()),
  };
}

function parsedEnv(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
