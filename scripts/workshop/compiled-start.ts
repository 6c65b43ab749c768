import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { EnvironmentError } from './errors.ts';
import { ROOT, shown } from './paths.ts';

/** What every lesson imports, so that every shop process loads it before it is needed. */
const PACKAGES = ['express', 'express-session', 'connect-mongodb-session', 'mongodb', 'ejs'];

/** What start.mjs is made of. A test holds this list against the imports. */
export const START_FILES = [
  'scripts/workshop/shop-start.ts',
  'scripts/workshop/shop-host.ts',
  'scripts/workshop/shop-clock.ts',
  'scripts/workshop/watch-parent.ts',
  'scripts/mongo/ask-dns.ts',
];

/** What npm installed. */
const INSTALLED = 'node_modules/.package-lock.json';

let start: string | undefined;

/**
 * The module that a shop process starts with: compiled when it is first asked for, and kept until the
 * packages or the files that it is made of change.
 * @throws EnvironmentError when `node_modules/` cannot be written
 */
export function compiledStart(): string {
  start ??= join(startFolder(), 'start.mjs');
  return start;
}

function startFolder(): string {
  // Where tools keep what they make of packages. It goes when they are installed anew.
  const home = join(ROOT, 'node_modules', '.cache', 'session-shop');
  const folder = join(home, fingerprint());
  if (existsSync(folder)) return folder;
  const draft = join(home, `draft-${process.pid}`);
  try {
    mkdirSync(draft, { recursive: true });
    buildStart(draft);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another command may have been quicker.
    if (!existsSync(folder)) throw notPrepared(home, error);
  }
  return folder;
}

function notPrepared(home: string, error: unknown): EnvironmentError {
  return new EnvironmentError(
    `The packages could not be prepared in ${shown(home)}: ${(error as Error).message}\n` +
      'Make node_modules a folder that you may write to, or delete it, and run the command again.',
  );
}

function fingerprint(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of [INSTALLED, ...START_FILES]) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

/** @returns the files that start.mjs was made of, relative to the project */
export function buildStart(folder: string): string[] {
  const options = { bundle: true, platform: 'node', target: 'node20', absWorkingDir: ROOT } as const;
  buildSync({
    ...options,
    stdin: {
      contents: PACKAGES.map((name) => `exports['${name}'] = require('${name}');`).join('\n'),
      resolveDir: ROOT,
    },
    outfile: join(folder, 'packages.cjs'),
    logLevel: 'silent',
  });
  const { metafile } = buildSync({
    ...options,
    entryPoints: START_FILES.slice(0, 1),
    outfile: join(folder, 'start.mjs'),
    format: 'esm',
    packages: 'external',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}
