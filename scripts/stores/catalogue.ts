import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../shared/errors.ts';
import type { BackendName } from './backends/index.ts';

/** A store of the catalogue: a folder in catalogue/ with the file that opens it, and its pinned packages. */
export interface KnownStore {
  readonly name: string;
  readonly title: string;
  readonly backend: BackendName;
  readonly folder: string;
  /** Whether its packages are fetched. Otherwise they are the workshop's own. */
  readonly isFetched: boolean;
  /** The packages that it is measured with. */
  readonly packages: readonly string[];
  /** A file of its package with the statements that make its table, when the store does not make it. */
  readonly sql?: string;
  /** Packages with C++ code, which npm builds or downloads. */
  readonly build: readonly string[];
}

const FOLDER = join(import.meta.dirname, 'catalogue');

/** The stores that need only the workshop's own packages: the default of the command. */
export const OWN = ['memory-store', 'connect-mongodb-session', 'connect-mongo', 'connect-redis'] as const;

/** All stores of the catalogue: the workshop's own first, then by name. */
export function knownStores(): KnownStore[] {
  const rank = (name: string) => (OWN as readonly string[]).indexOf(name) + 1 || OWN.length + 1;
  return readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, 'package.json')))
    .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))
    .map(read);
}

function read(name: string): KnownStore {
  const folder = join(FOLDER, name);
  const { store, dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { title, backend, build = [], packages, sql } = store;
  return {
    name,
    title,
    backend,
    folder,
    build,
    ...(sql === undefined ? {} : { sql }),
    isFetched: existsSync(join(folder, 'package-lock.json')),
    packages: packages ?? Object.keys(dependencies).filter((each) => each !== 'express-session'),
  };
}

/** @throws {UsageError} with the list, for an unknown name */
export function findStore(name: string): KnownStore {
  const stores = knownStores();
  const found = stores.find((store) => store.name === name);
  if (found) return found;
  const list = stores.map((store) => `  ${store.name.padEnd(30)}${store.backend}`).join('\n');
  throw new UsageError(
    [
      `There is no store "${name}" in the catalogue. It has:`,
      list,
      'Any other store, from npm or of your own, is named by a file that opens it, beside the node_modules with its packages:',
      '  npm run lab stores -- ./my-store.mjs',
      '  // my-store.mjs',
      `  import connect from '${/^[@\w./-]+$/.test(name) ? name : 'connect-something'}';`,
      '  export default ({ session, url, folder }) => new (connect(session))({ /* its options, with url or folder */ });',
    ].join('\n'),
  );
}
