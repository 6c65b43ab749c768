import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import {
  dropDraft,
  isAsMade,
  NotPrepared,
  openDraft,
  preparedFolder,
  settleDraft,
} from '../../setup/prepared.mjs';
import { EnvironmentError } from '../../shared/errors.ts';
import { ROOT } from '../../shared/paths.ts';

/** What every lesson imports. Each shop process loads them, from one file, before it knows its answer. */
const PACKAGES = ['express', 'express-session', 'connect-mongodb-session', 'mongodb', 'ejs'];
const ENTRY = 'scripts/grader/shop-process/shop-start.ts';

/** The sources of a shop process. A test compares this list with the imports. */
export const START_FILES = [
  ENTRY,
  'scripts/grader/shop-process/inside.ts',
  'scripts/grader/shop-process/provide.ts',
  'scripts/grader/shop-process/request-end.ts',
  'scripts/grader/shop-process/session-watch.ts',
  'scripts/grader/shop-process/store-watch.ts',
  'scripts/grader/shop-process/shop-host.ts',
  'scripts/grader/shop-process/shop-clock.ts',
  'scripts/mongo/ask-dns.ts',
  'scripts/shared/escape-regexp.ts',
];

/**
 * The module that a shop process starts with: compiled when it is first asked for, and kept until the packages or the files
 * that it is made of change.
 * @throws EnvironmentError when `node_modules/` cannot be written
 */
export function startFile(): string {
  return join(startFolder(), 'start.mjs');
}

/** The file beside it that contains the packages. */
export function packagesFile(): string {
  return join(startFolder(), 'packages.cjs');
}

/** The file beside it that contains `redis`. */
export function redisFile(): string {
  return join(startFolder(), 'redis.cjs');
}

let started: { readonly folder: string; readonly stamp: string } | undefined;

/** Checked before each use: an answer that runs could write there. */
function startFolder(): string {
  if (started === undefined || stampOf(started.folder) !== started.stamp) {
    const folder = prepareStart();
    started = { folder, stamp: stampOf(folder) };
  }
  return started.folder;
}

/** When the files were written last, and how long they are. */
function stampOf(folder: string): string {
  const stats = ['start.mjs', 'packages.cjs', 'redis.cjs'].map((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false }),
  );
  return stats.map((stat) => `${stat?.mtimeMs} ${stat?.ctimeMs} ${stat?.size}`).join();
}

function prepareStart(): string {
  const folder = preparedFolder(ROOT, 'start', [
    ...START_FILES,
    'scripts/grader/shop-process/compiled-start.ts',
  ]);
  if (isAsMade(folder)) return folder;
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

/**
 * Wraps a function of a package: `note` gets its arguments, `wrap` what it returns. In the packages' own file, because express-session
 * names the line that called it in its warnings: the first line outside of this file.
 */
const WATCH_CALLS = `Object.defineProperty(exports, 'watchCalls', { value: (target, note, wrap) =>
  new Proxy(target, { apply: (f, self, args) => (note(...args), wrap(Reflect.apply(f, self, args))) }) });`;

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
  const bundle = (name: string, lines: string[]) =>
    buildSync({
      ...options,
      stdin: { contents: lines.join('\n'), resolveDir: ROOT },
      outfile: join(folder, name),
      // Short, because each process reads all of it. Names and lines stay, so that stack traces are readable.
      minifyWhitespace: true,
      legalComments: 'none',
      lineLimit: 120,
      logLevel: 'silent',
    });
  bundle('packages.cjs', [WATCH_CALLS, ...PACKAGES.map(exported)]);
  // Lesson 12 alone imports it: 600 files, which is slow where a virus scanner reads each.
  bundle('redis.cjs', [exported('redis')]);
  const { metafile } = buildSync({
    ...options,
    entryPoints: { start: ENTRY },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    packages: 'external',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}
