import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { dropDraft, NotPrepared, openDraft, preparedFolder, settleDraft } from '../../setup/prepared.mjs';
import { EnvironmentError } from '../../shared/errors.ts';
import { ROOT } from '../../shared/paths.ts';

/** Packages that are loaded from one file. */
const BUNDLES = {
  // What every lesson imports, so that every shop process loads it before it is needed.
  'packages.cjs': ['express', 'express-session', 'connect-mongodb-session', 'mongodb', 'ejs'],
  // Large, and of many files: what the last lesson imports.
  'redis.cjs': ['redis'],
  // What only the judges import.
  'supertest.cjs': ['supertest'],
};

/** What is started: a shop process. */
const MODULES = {
  start: 'scripts/grader/shop-process/shop-start.ts',
} as const;

/** What these are made of. A test holds this list against the imports. */
export const START_FILES = [
  ...Object.values(MODULES),
  'scripts/grader/shop-process/provide.ts',
  'scripts/grader/shop-process/shop-host.ts',
  'scripts/grader/shop-process/shop-clock.ts',
  'scripts/mongo/ask-dns.ts',
];

/**
 * The module that such a process starts with: compiled when it is first asked for, and kept until the
 * packages or the files that it is made of change.
 * @throws EnvironmentError when `node_modules/` cannot be written
 */
export function compiledStart(module: keyof typeof MODULES): string {
  return join(startFolder(), `${module}.mjs`);
}

/** A file of packages beside those modules. */
export function bundled(bundle: keyof typeof BUNDLES): string {
  return join(startFolder(), bundle);
}

let started: string | undefined;

function startFolder(): string {
  started ??= prepareStart();
  return started;
}

function prepareStart(): string {
  const folder = preparedFolder(ROOT, 'start', [
    ...START_FILES,
    'scripts/grader/shop-process/compiled-start.ts',
  ]);
  if (existsSync(folder)) return folder;
  try {
    const draft = openDraft(folder);
    makeStart(draft);
    settleDraft(draft, folder);
    return folder;
  } catch (error) {
    throw error instanceof NotPrepared ? new EnvironmentError(error.message) : error;
  }
}

function makeStart(draft: string): void {
  try {
    buildStart(draft);
  } catch (error) {
    throw dropDraft(draft, error);
  }
}

function exported(name: string): string {
  return `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => require('${name}') });`;
}

/** @returns the files that its modules were made of, relative to the project */
export function buildStart(folder: string): string[] {
  const options = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    // It is read as Latin-1, which is quicker than UTF-8.
    charset: 'ascii',
    absWorkingDir: ROOT,
  } as const;
  for (const [bundle, packages] of Object.entries(BUNDLES)) {
    const contents = packages.map(exported).join('\n');
    const outfile = join(folder, bundle);
    // Short, for each process reads all of it. Names and lines stay, for whoever reads a stack.
    const short = { minifyWhitespace: true, legalComments: 'none', lineLimit: 120 } as const;
    buildSync({ ...options, ...short, stdin: { contents, resolveDir: ROOT }, outfile, logLevel: 'silent' });
  }
  const { metafile } = buildSync({
    ...options,
    entryPoints: MODULES,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    packages: 'external',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}
