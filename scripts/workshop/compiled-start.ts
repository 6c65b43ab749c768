import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from './paths.ts';
import { stateDir, unwritable } from './state.ts';

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

let start: string | undefined;

/**
 * The module that a shop process starts with: compiled when it is first asked for, and kept under `.workshop/` until the
 * packages or the files that it is made of change.
 * @throws EnvironmentError when `.workshop/` cannot be written
 */
export function compiledStart(): string {
  start ??= join(startFolder(), 'start.mjs');
  return start;
}

function startFolder(): string {
  const home = join(stateDir(), 'compiled');
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
    if (!existsSync(folder)) throw unwritable(folder, ROOT, error);
  }
  return folder;
}

function fingerprint(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of ['package-lock.json', ...START_FILES]) hash.update(readFileSync(join(ROOT, file)));
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
