import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ROOT } from '../../shared/paths.ts';
import { stateDir, unwritable } from '../../shared/state-dir.ts';
import { makePassword } from '../join-code.ts';

/** What this machine remembers of the class it last held, to go on with it after a restart. It is in no database. */
export interface RoomMemory {
  readonly code: string;
  /** A hash of the connection string: the class is in that database, and in no other. */
  readonly database: string;
  readonly password: string;
  readonly sessionSecret: string;
}

const FILE = join(ROOT, '.workshop', 'class-room.json');

/** The class that this machine last held in that database; undefined when there was none. */
export function recallRoom(mongodbUri: string): RoomMemory | undefined {
  try {
    const memory = JSON.parse(readFileSync(FILE, 'utf8')) as Partial<RoomMemory>;
    const { code, database, password, sessionSecret } = memory;
    const isWhole = [code, password, sessionSecret].every((each) => typeof each === 'string' && each);
    return isWhole && database === hashOf(mongodbUri) ? (memory as RoomMemory) : undefined;
  } catch {
    return undefined;
  }
}

/** What a new class needs besides its code. */
export function newSecrets(): Pick<RoomMemory, 'password' | 'sessionSecret'> {
  return { password: makePassword(), sessionSecret: randomBytes(32).toString('hex') };
}

/** Remembers a class, for this user of this machine alone. */
export function rememberRoom(
  mongodbUri: string,
  { code, password, sessionSecret }: Omit<RoomMemory, 'database'>,
): void {
  stateDir();
  const memory: RoomMemory = { code, database: hashOf(mongodbUri), password, sessionSecret };
  try {
    writeFileAtomic.sync(FILE, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw unwritable(FILE, ROOT, error);
  }
}

function hashOf(mongodbUri: string): string {
  return createHash('sha256').update(mongodbUri).digest('base64url');
}
