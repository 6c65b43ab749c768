import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npmCommand } from '../../setup/packages.mjs';
import { EnvironmentError, UsageError } from '../../shared/errors.ts';

export const run = promisify(execFile);

/** The folder of the programs in C. */
export const SOURCES = join(import.meta.dirname, 'tools');

/** Compiles programs of tools/ into a folder. @throws {EnvironmentError} */
export async function compile(compiler: string, names: readonly string[], to: string): Promise<void> {
  for (const name of names) {
    const wide = name === 'taskkill' ? [] : ['-municode'];
    const args = ['-O1', ...wide, '-o', join(to, `${name}.exe`), join(SOURCES, `${name}.c`)];
    await run(compiler, args).catch((error: Error) => {
      throw new EnvironmentError(`${name}.c could not be compiled by ${compiler}: ${error.message}`);
    });
  }
}

/** The path of npm, which npm passes to its scripts. @throws {UsageError} */
export function npmProgram(): string {
  const program = process.env.npm_execpath ?? '';
  if (program.endsWith('npm-cli.js')) return program;
  throw new UsageError('Run this by npm: npm run test:windows.');
}

/** The output of this system's npm. */
export async function askNpm(...words: string[]): Promise<string> {
  const { file, args, env, shell } = npmCommand(words);
  return (await run(file, args, { env, shell })).stdout.trim();
}
