import { UsageError } from '../shared/errors.ts';

/** The supported platforms of Node 20, as Node names them. */
export const PLATFORMS = [
  'linux-x64',
  'linux-arm64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
] as const;

export type Platform = (typeof PLATFORMS)[number];

/** A platform's two halves: process.platform and process.arch. */
export function halvesOf(platform: Platform): { platform: string; arch: string } {
  const [system = '', arch = ''] = platform.split('-');
  return { platform: system, arch };
}

/**
 * The platforms of `--platform linux-x64,win32-x64`; all platforms without it.
 * @throws UsageError that names an unknown platform
 */
export function readPlatforms(given: string | undefined): Platform[] {
  if (given === undefined) return [...PLATFORMS];
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !PLATFORMS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `"${unknown}" is no platform of a kit. It can be for ${PLATFORMS.join(', ')}; flags go after --, as in npm run kit -- --platform linux-x64.`,
    );
  }
  return PLATFORMS.filter((known) => names.includes(known));
}

/** The field `os` or `cpu` of a package in the lock file: names, or names with a `!` before them. */
export interface Restricted {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** Whether a package is for one of the platforms. */
export function isFor({ os, cpu }: Restricted, platforms: readonly Platform[]): boolean {
  return platforms.map(halvesOf).some(({ platform, arch }) => allows(os, platform) && allows(cpu, arch));
}

function allows(list: readonly string[] = [], value: string): boolean {
  const wanted = list.filter((name) => !name.startsWith('!'));
  return !list.includes(`!${value}`) && (wanted.length === 0 || wanted.includes(value));
}
