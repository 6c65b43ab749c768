import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UsageError } from '../shared/errors.ts';
import { BACKENDS, type BackendName } from './backends/index.ts';

/** A store of the learner's own. */
export interface OwnModule {
  readonly module: string;
  readonly title: string;
  readonly backend: BackendName;
}

/** What a module that imports one of these keeps its sessions in. */
const BY_IMPORT: readonly [BackendName, RegExp][] = [
  ['mongo', /^(?:mongodb|mongoose|mongoist|monk|connect-mongo.*)$/],
  ['redis', /^(?:redis|ioredis|@redis\/.*|connect-redis|connect-valkey|@valkey\/.*)$/],
  ['postgres', /^(?:pg|pg-promise|postgres|connect-pg-.*)$/],
  ['mariadb', /^(?:mysql|mysql2|mariadb|express-mysql-.*)$/],
  ['memcached', /^(?:memcached|memjs|connect-mem(?:cached|js))$/],
  [
    'files',
    /^(?:node:fs.*|fs.*|node:sqlite|better-sqlite3|sqlite3?|lowdb|nedb.*|lokijs|level.*|session-file-store)$/,
  ],
];

/** Whether an argument names a file and not a store of the catalogue. */
export const isFile = (word: string) => /[\\/]|\.[cm]?[jt]s$/.test(word);

/**
 * @param word the path as it was typed @param folder where it was typed
 * @param asked the backend that was asked for; left out, the imports of the file say it
 * @throws {UsageError} when there is no such file, or no such backend
 */
export function ownModule(word: string, folder: string, asked?: string): OwnModule {
  const module = resolve(folder, word);
  if (!existsSync(module)) throw new UsageError(`There is no file ${module}.`);
  if (asked !== undefined && !BACKENDS.includes(asked as BackendName)) {
    throw new UsageError(`There is no backend "${asked}". It can be ${BACKENDS.join(', ')}.`);
  }
  const backend = (asked as BackendName | undefined) ?? backendOf(readFileSync(module, 'utf8'));
  return { module, title: basename(module), backend };
}

/** The backend that a module's imports speak of. */
export function backendOf(source: string): BackendName {
  const imported = [...source.matchAll(/(?:from|import|require\()\s*['"]([^'"]+)['"]/g)].map(
    ([, name = '']) => name,
  );
  const found = BY_IMPORT.find(([, names]) => imported.some((name) => names.test(name)));
  return found?.[0] ?? 'memory';
}
