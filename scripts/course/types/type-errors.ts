import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fetchPackages, findPackage } from '../../shared/fetched-packages.ts';
import { ROOT } from '../../shared/paths.ts';

const TYPESCRIPT = {
  folder: 'typescript',
  pinned: join(import.meta.dirname, 'packages'),
  about: [
    'Fetching TypeScript from npm: 30 MB, once, into .workshop/typescript. An open lesson may go on. Ctrl+C stops it.',
  ],
  named: 'TypeScript',
  otherwise: 'The lessons are graded without it.',
};

/** A type error in a learner's file. */
export interface TypeMistake {
  /** 'work/03-session-config/app.ts:12' */
  readonly place: string;
  /** "TS2339: Property 'cart' does not exist on type …", its first line. */
  readonly words: string;
}

/**
 * Fetches TypeScript, unless it is there.
 * @returns false when a signal stopped npm
 * @throws {EnvironmentError} when npm cannot fetch it
 */
export async function fetchTypeScript(say: (line: string) => void): Promise<boolean> {
  return compiler() !== undefined || (await fetchPackages(TYPESCRIPT, say)) !== undefined;
}

/**
 * The type errors in the answers, or in one folder. They never decide a verdict.
 * @param signal ends the compiler when its result is no longer needed
 * @returns undefined when TypeScript is not there, or fails
 */
export async function typeErrors(
  folder = join(ROOT, 'work'),
  signal?: AbortSignal,
): Promise<readonly TypeMistake[] | undefined> {
  const tsc = compiler();
  if (!tsc) return undefined;
  if (!existsSync(folder)) return [];
  const project = join(ROOT, 'scripts', 'course', 'types', 'tsconfig.json');
  const args = [tsc, '-p', project, '--noEmit', '--pretty', 'false'];
  const said = await new Promise<string | undefined>((resolve) => {
    // tsc exits with 1 or 2 when there are type errors.
    execFile(process.execPath, args, { cwd: ROOT, windowsHide: true, signal }, (error, stdout) =>
      resolve(error && !/: error TS\d+:/.test(stdout) ? undefined : stdout),
    );
  });
  const prefix = `work/${folder === join(ROOT, 'work') ? '' : `${folder.slice(dirname(folder).length + 1)}/`}`;
  return said?.split(/\r?\n/).flatMap((line) => {
    const [, file = '', at, words = ''] = /^(\S.*)\((\d+),\d+\): error (TS\d+: .*)$/.exec(line) ?? [];
    return file.startsWith(prefix) ? [{ place: `${file}:${at}`, words }] : [];
  });
}

/** The path of the tsc command. */
function compiler(): string | undefined {
  const file = findPackage(TYPESCRIPT, 'typescript/package.json');
  return file && join(dirname(file), 'bin', 'tsc');
}
