import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { damagedIn, kitAt } from '../setup/kit.mjs';
import { npmCommand } from '../setup/packages.mjs';
import { type Finding, good, note, warning } from './finding.ts';

const run = promisify(execFile);

/** Bytes below which two shops, their judge and an editor begin to swap. */
const MEMORY = 2e9;

/** What kind of machine it is: the first thing that whoever helps asks. */
export function system(memory = totalmem()): Finding {
  const words = `${process.platform}-${process.arch} ${release()}, ${cpus().length} cores, ${(memory / 1e9).toFixed(1)} GB memory`;
  return memory < MEMORY ? warning('memory', 'system', words) : good('system', 'system', words);
}

/** In a kit: whether it is as it was packed. In a clone there is nothing to say. */
export function kit(root: string): Finding[] {
  const known = kitAt(root);
  if (!known) return [];
  const damaged = damagedIn(root);
  const made = `made on ${known.made.slice(0, 10)}`;
  if (damaged.length === 0) return [good('kit', 'kit', `${made}, every file as it was packed`)];
  return [
    warning('kit', 'kit', `${made}; missing or changed since: ${damaged.length}, such as ${damaged[0]}`),
  ];
}

/** How long a program may take to start, in milliseconds: most machines need a fiftieth of it. */
const START = 2500;

/** The quickest of three starts: a busy machine is not a slow one. */
export async function programStart(limit = START): Promise<Finding> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const begun = performance.now();
    await run(process.execPath, ['-e', '0']);
    quickest = Math.min(quickest, performance.now() - begun);
  }
  const words = `a program starts within ${Math.round(quickest)} ms`;
  return quickest > limit ? warning('slow-start', 'start', words) : good('start', 'start', words);
}

/** What the workshop can do without, and how it goes then. */
export async function helpers(env: NodeJS.ProcessEnv, root: string, columns?: number): Promise<Finding[]> {
  const [git, registry, redis] = await Promise.all([findGit(), askRegistry(), findRedis(env)]);
  return [git, registry, redis, ...lineEnds(root), ...terminal(columns)];
}

async function findGit(): Promise<Finding> {
  try {
    const { stdout } = await run('git', ['--version']);
    return good('git', 'git', stdout.trim().replace('git version ', ''));
  } catch {
    return note('git', 'git', 'not on this machine; a ZIP download needs none');
  }
}

async function askRegistry(): Promise<Finding> {
  const { file, args, ...options } = npmCommand([
    ...['ping', '--loglevel=error', '--fetch-retries=0', '--fetch-timeout=3000'],
  ]);
  try {
    await run(file, args, { ...options, timeout: 10_000 });
    return good('registry', 'npm', 'reaches its registry');
  } catch (error) {
    const code = /npm error code (\S+)/.exec((error as { stderr?: string }).stderr ?? '')?.[1];
    const why = code ? ` (${code})` : '';
    return note(
      'registry',
      'npm',
      `does not reach its registry${why}; needed for updates and for npm run compass`,
    );
  }
}

async function findRedis(env: NodeJS.ProcessEnv): Promise<Finding> {
  if (env.REDIS_URL) return good('redis', 'Redis', 'REDIS_URL is set');
  const { findServer } = await import('../redis/server.ts');
  if (await findServer(env.PATH ?? '')) return good('redis', 'Redis', 'a server is on the PATH');
  return note('redis', 'Redis', 'not on this machine; four steps of lesson 12 are skipped without');
}

function lineEnds(root: string): Finding[] {
  if (!readFileSync(join(root, 'package.json'), 'utf8').includes('\r\n')) return [];
  return [note('line-ends', 'line ends', 'those of Windows: all works, git shows every line as changed')];
}

/** The lessons' tables are as wide as that. */
const COLUMNS = 80;

function terminal(columns?: number): Finding[] {
  if (columns === undefined || columns >= COLUMNS) return [];
  return [note('terminal', 'terminal', `${columns} columns; the lessons read best in ${COLUMNS} or more`)];
}
