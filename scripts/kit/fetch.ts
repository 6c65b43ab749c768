import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Progress } from '../mongo/download-progress.ts';
import { npmCommand } from '../setup/packages.mjs';
import { EnvironmentError } from '../shared/errors.ts';
import type { Tarball } from './lock.ts';

/** The number of packages in one call of npm: command lines are limited, and the progress bar moves. */
const AT_ONCE = 24;
const NPM = ['pack', '--json', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];
/** One retry: without a network, npm's default waits for minutes. */
const NPM_NETWORK = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=30000'];

/**
 * Fetches missing archives into `folder` with npm, from its cache or registry. A run that was stopped continues where it was.
 * @throws {EnvironmentError} that names what is missing
 */
export async function fetchTarballs(tarballs: readonly Tarball[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const missing = tarballs.filter((tarball) => !isWhole(tarball, folder));
  const progress = new Progress();
  if (missing.length > 0)
    progress.say(
      `Fetching ${missing.length} packages by npm. Ctrl+C stops it; the next run goes on from there.`,
    );
  for (let from = 0; from < missing.length; from += AT_ONCE) {
    progress.bar(from, missing.length, `${missing.length} packages`);
    const some = missing.slice(from, from + AT_ONCE);
    const complaint = await npmPack(
      some.map(({ spec }) => spec),
      folder,
    );
    const lacking = missing.slice(from).filter((tarball) => !isWhole(tarball, folder));
    if (some.some((tarball) => lacking.includes(tarball))) {
      progress.clear();
      throw new EnvironmentError(lackingText(lacking, complaint));
    }
  }
  progress.clear();
}

/** Whether the archive is there and complete. */
function isWhole({ file, integrity }: Tarball, folder: string): boolean {
  const path = join(folder, file);
  if (!existsSync(path)) return false;
  const [algorithm = '', sum] = integrity.split(/-(.*)/s);
  return createHash(algorithm).update(readFileSync(path)).digest('base64') === sum;
}

/** @returns npm's error output; npm packs into its working folder, whose name may have a space */
async function npmPack(specs: readonly string[], folder: string): Promise<string> {
  const { file, args, env, shell } = npmCommand([...NPM, ...NPM_NETWORK, ...specs]);
  const npm = spawn(file, args, { cwd: folder, env, shell, stdio: ['ignore', 'ignore', 'pipe'] });
  const end = () => npm.kill();
  process.once('exit', end);
  try {
    return await text(npm.stderr);
  } catch (error) {
    return String(error);
  } finally {
    process.off('exit', end);
  }
}

function lackingText(lacking: readonly Tarball[], complaint: string): string {
  const [first, ...more] = lacking.map(({ spec }) => spec);
  const code = /npm error code (\S+)/.exec(complaint)?.[1];
  return [
    `${lacking.length === 1 ? '1 package' : `${lacking.length} packages`} could not be fetched: ${first}${more.length ? ` and ${more.length} more` : ''}${code ? ` (npm says ${code})` : ''}.`,
    'A kit is made where npm reaches its registry: npm ping shows whether it does. What was fetched is kept;',
    'run the same command again there.',
  ].join('\n');
}
