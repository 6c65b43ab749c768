import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Node's flags for a process that can import TypeScript. */
export const WITH_TSX = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];

/** Runs a script (an ES module) in a process of its own and returns what it printed. */
export async function runScript(script: string, flags: readonly string[]): Promise<string> {
  const args = [...flags, '--input-type=module', '-e', script];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}
