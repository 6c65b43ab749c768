import { UsageError } from '../shared/errors.ts';
import type { Lab } from './lab.ts';
import { memory } from './memory.ts';
import { race } from './race.ts';
import { restart } from './restart.ts';
import { size } from './size.ts';
import { speed } from './speed.ts';
import { ttl } from './ttl.ts';

/** All labs, in the order of the lessons. */
export const LABS: readonly Lab[] = [memory, restart, race, size, ttl, speed];

/** The list as `npm run lab` prints it. */
export function listLabs(): string {
  return LABS.map(({ name, claim }) => `  ${name.padEnd(9)}${claim}`).join('\n');
}

/** @throws {UsageError} with the list, for an unknown name */
export function findLab(name: string): Lab {
  const lab = LABS.find((each) => each.name === name);
  if (lab !== undefined) return lab;
  throw new UsageError(`There is no lab "${name}". The labs are:\n${listLabs()}`);
}
