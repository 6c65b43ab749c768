import { type ExecFileOptions, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { examineKit, kitAt } from '../setup/kit.mjs';
import { npmCommand } from '../setup/packages.mjs';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, good, note, warning } from './finding.ts';
import { inTime, LIMITS } from './limits.ts';
import { timeoutError } from './within.ts';

const execute = promisify(execFile);

/**
 * Runs a program to its end.
 * @throws {Error} with the code ETIMEOUT when it was stopped after `options.timeout` milliseconds
 */
export async function run(file: string, args: string[], options: ExecFileOptions & { timeout: number }) {
  try {
    return await execute(file, args, { ...options, encoding: 'utf8' });
  } catch (error) {
    throw (error as { killed?: boolean }).killed ? timeoutError(options.timeout) : error;
  }
}

/** In bytes. With less, two shops, their checks and an editor begin to swap. */
const MEMORY = 2e9;

/** The kind of machine: what anyone who supports a learner asks first. */
export function system(memory = totalmem()): Finding {
  const words = `${process.platform}-${process.arch} ${release()}, ${cpus().length} cores, ${(memory / 1e9).toFixed(1)} GB memory`;
  return memory < MEMORY ? warning('memory', 'system', words) : good('system', 'system', words);
}

/**
 * Whether a kit is as it was packed. A clone gives no finding.
 * @param limit in milliseconds; the remaining files are then not examined
 */
export function kit(root: string, limit: number): Finding[] {
  const known = kitAt(root);
  if (!known) return [];
  const { damaged, left } = examineKit(root, limit);
  const made = `made on ${known.made.slice(0, 10)}`;
  if (damaged.length > 0)
    return [
      warning('kit', 'kit', `${made}; missing or changed since: ${damaged.length}, such as ${damaged[0]}`),
    ];
  if (left > 0)
    return [note('kit', 'kit', `${made}; ${left} files were not looked at within ${limit / 1000} s`)];
  return [good('kit', 'kit', `${made}, every file as it was packed`)];
}

/** A start that takes longer is slow, in milliseconds: most machines need a fiftieth of it. */
const START = 2500;

/**
 * Measures the quickest of three starts, because a busy machine is not a slow one.
 * @param limit for all three, in milliseconds
 * @param slow a start that takes longer is slow, in milliseconds
 */
export async function programStart(limit: number, slow = START): Promise<Finding> {
  const end = performance.now() + limit;
  let quickest: number | undefined;
  for (let i = 0; i < 3; i++) {
    const begun = performance.now();
    if (begun >= end) break;
    const timeout = Math.ceil(end - begun);
    const hasStarted = await run(process.execPath, ['-e', '0'], { timeout }).then(...YES_OR_NO);
    if (!hasStarted) break;
    quickest = Math.min(quickest ?? limit, performance.now() - begun);
  }
  if (quickest === undefined)
    return warning('slow-start', 'start', `a program does not start within ${limit} ms`);
  const words = `a program starts within ${Math.round(quickest)} ms`;
  return quickest > slow ? warning('slow-start', 'start', words) : good('start', 'start', words);
}

const YES_OR_NO = [() => true, () => false] as const;

/** What the workshop can do without, and what is missing then. */
export async function helpers(
  env: NodeJS.ProcessEnv,
  root: string,
  columns?: number,
  limit: number = LIMITS.machine,
): Promise<Finding[]> {
  const found = await Promise.all([
    inTime(limit, 'git', 'git', findGit(limit)),
    inTime(limit, 'registry', 'npm', askRegistry(limit)),
    inTime(limit, 'redis', 'Redis', findRedis(env)),
  ]);
  return [...found.flat(), ...lineEnds(root), ...terminal(columns)];
}

async function findGit(timeout: number): Promise<Finding> {
  try {
    const { stdout } = await run('git', ['--version'], { timeout });
    return good('git', 'git', stdout.trim().replace('git version ', ''));
  } catch (error) {
    if (codeOf(error) === 'ETIMEOUT') throw error;
    return note('git', 'git', 'not on this machine; a ZIP download needs none');
  }
}

async function askRegistry(timeout: number): Promise<Finding> {
  const { file, args, ...options } = npmCommand([
    ...['ping', '--loglevel=error', '--fetch-retries=0', '--fetch-timeout=3000'],
  ]);
  try {
    await run(file, args, { ...options, timeout });
    return good('registry', 'npm', 'reaches its registry');
  } catch (error) {
    if (codeOf(error) === 'ETIMEOUT') throw error;
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

/** The width of the lessons' tables. */
const COLUMNS = 80;

function terminal(columns?: number): Finding[] {
  if (columns === undefined || columns >= COLUMNS) return [];
  return [note('terminal', 'terminal', `${columns} columns; the lessons read best in ${COLUMNS} or more`)];
}
