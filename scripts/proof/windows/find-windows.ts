import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../../shared/errors.ts';
import { compile, npmProgram } from './tools.ts';
import type { Windows } from './windows.ts';
import { wine } from './wine.ts';

/**
 * Finds or installs Windows. On Linux: Wine, a Node for Windows, and what this version of Wine lacks.
 * @param home a folder for that, kept for the next run
 * @param version of Node, on Linux
 * @throws {EnvironmentError} when it cannot be installed
 */
export async function findWindows(
  home: string,
  version: string,
  say: (line: string) => void,
): Promise<Windows> {
  mkdirSync(home, { recursive: true });
  if (process.platform === 'win32') return thisWindows(home);
  if (process.platform === 'linux') return wine(home, version, say);
  throw new EnvironmentError('This test runs on Windows, and on Linux by Wine.');
}

async function thisWindows(home: string): Promise<Windows> {
  await compile('gcc', ['host', 'hold'], home);
  return {
    about: `Node ${process.versions.node} on Windows`,
    node: process.execPath,
    npmFlags: [],
    env: { npm_execpath: npmProgram() },
    tool: (name) => join(home, `${name}.exe`),
    path: (path) => path,
    starter: [],
    close: async () => {},
  };
}
