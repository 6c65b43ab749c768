import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../shared/errors.ts';
import type { BackendName } from './backends/index.ts';

/** A store that the kit knows: a folder of catalogue/ with the file that opens it and its pinned packages. */
export interface KnownStore {
  readonly name: string;
  readonly title: string;
  readonly backend: BackendName;
  readonly folder: string;
  /** Whether its packages are fetched. The others are the workshop's own. */
  readonly isFetched: boolean;
  /** The packages that it is measured with. */
  readonly packages: readonly string[];
  /** Packages with a part in C++, which npm builds or downloads. */
  readonly build: readonly string[];
}

const FOLDER = join(import.meta.dirname, 'catalogue');

/** Those that need nothing but the workshop's own packages: what runs when no store is named. */
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
  const { title, backend, build = [], packages } = store;
  return {
    name,
    title,
    backend,
    folder,
    build,
    isFetched: existsSync(join(folder, 'package-lock.json')),
    packages: packages ?? Object.keys(dependencies).filter((each) => each !== 'express-session'),
  };
}

/** @throws {UsageError} with the list, for a name that is none of theirs */
export function findStore(name: string): KnownStore {
  const stores = knownStores();
  const found = stores.find((store) => store.name === name);
  if (found) return found;
  const list = stores.map((store) => `  ${store.name.padEnd(30)}${store.backend}`).join('\n');
  throw new UsageError(
    `There is no store "${name}" in the catalogue. It has:\n${list}\nA store of your own is named by its file: npm run lab stores -- ./my-store.ts`,
  );
}
