import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, resolve } from 'node:path';
import { UsageError } from '../shared/errors.ts';
import { BACKENDS, type BackendName } from './backends/index.ts';

/** The learner's own store. */
export interface OwnModule {
  readonly module: string;
  readonly title: string;
  readonly backend: BackendName;
}

/** Words in a package's name, or else anywhere in the module, and the backend that they mean. */
const BY_WORD: readonly [BackendName, RegExp][] = [
  ['mongo', /mongo|monk/i],
  ['redis', /redis/i],
  ['valkey', /valkey/i],
  ['postgres', /\bpg\b|postgres/i],
  ['mariadb', /mysql|mariadb/i],
  ['memcached', /memcache|memjs/i],
  ['files', /sqlite|nedb|loki|lowdb|lmdb|level|(?:node:|-|^)fs\b|\bfiles?\b|\bfolder\b/i],
];

/** Whether an argument names a file and not a store of the catalogue. */
export const isFile = (word: string) => /[\\/]|\.[cm]?[jt]s$/.test(word);

/**
 * @param word the path as typed @param folder the folder where it was typed
 * @param asked the requested backend; by default the file's imports decide
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

/** The statements in a learner's file. @throws {UsageError} when it cannot be read */
export function statementsIn(word: string, folder: string): string {
  const file = resolve(folder, word);
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  return readFileSync(file, 'utf8');
}

/** The backend that a module's imports name, or else its text: a dialect, the name of a variable. */
export function backendOf(source: string): BackendName {
  const imported = [...source.matchAll(/(?:from|import|require\()\s*['"]([^'"]+)['"]/g)].map(
    ([, name = '']) => name,
  );
  // A store on a server may import a file module as well.
  const [own, ofNode] = [
    imported.filter((name) => !isBuiltin(name)),
    imported.filter((name) => isBuiltin(name)),
  ];
  for (const words of [...own, ...ofNode, source]) {
    const found = BY_WORD.find(([, word]) => word.test(words));
    if (found) return found[0];
  }
  return 'memory';
}
