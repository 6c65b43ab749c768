import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../shared/paths.ts';
import { writeState } from '../../shared/state-dir.ts';
import { makePassword } from '../join-code.ts';

/** The class that this machine last served, stored in `.workshop/` so that it continues after a restart. */
export interface SavedClass {
  readonly code: string;
  /** A hash of the connection string: the class exists only in that database. */
  readonly database: string;
  readonly password: string;
  readonly sessionSecret: string;
}

const FILE = join(ROOT, '.workshop', 'class-room.json');

/** The class that this machine last served from that database; undefined when there is none. */
export function readSavedClass(mongodbUri: string): SavedClass | undefined {
  try {
    const saved = JSON.parse(readFileSync(FILE, 'utf8')) as Partial<SavedClass>;
    const { code, database, password, sessionSecret } = saved;
    const isWhole = [code, password, sessionSecret].every((each) => typeof each === 'string' && each);
    return isWhole && database === hashOf(mongodbUri) ? (saved as SavedClass) : undefined;
  } catch {
    return undefined;
  }
}

/** The password and the session secret of a new class. */
export function newSecrets(): Pick<SavedClass, 'password' | 'sessionSecret'> {
  return { password: makePassword(), sessionSecret: randomBytes(32).toString('hex') };
}

/** Stores the class, readable by this user alone. */
export function saveClass(
  mongodbUri: string,
  { code, password, sessionSecret }: Omit<SavedClass, 'database'>,
): void {
  const saved: SavedClass = { code, database: hashOf(mongodbUri), password, sessionSecret };
  writeState(FILE, `${JSON.stringify(saved, null, 2)}\n`, ROOT, { mode: 0o600 });
}

function hashOf(mongodbUri: string): string {
  return createHash('sha256').update(mongodbUri).digest('base64url');
}
