import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../shared/paths.ts';
import { labPackage } from './packages.ts';

/** The machine on which the figures were measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() || process.arch,
    cores: all.length,
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

export function describeMachine({ processor, cores, memoryGb, system, node }: Machine): string {
  return `${processor}, ${cores} cores, ${memoryGb} GB; ${system}; Node ${node}`;
}

/** The packages whose versions can change a figure. */
const MEASURED = [
  'express',
  'express-session',
  'connect-mongodb-session',
  'connect-mongo',
  'connect-redis',
  'mongodb',
  'redis',
  'autocannon',
];

/** The installed versions, by package. */
export function installedVersions(): Record<string, string> {
  return Object.fromEntries(MEASURED.map((name) => [name, versionOf(name)]));
}

/** Not require.resolve: some packages do not export their package.json. */
function versionOf(name: string): string {
  const home = name === 'autocannon' ? dirname(labPackage(name)) : join(ROOT, 'node_modules', name);
  const file = join(home, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
