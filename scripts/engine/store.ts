import { type Capped, Collection } from './collection.ts';
import { CommandError } from './errors.ts';
import type { Steps } from './turns.ts';

type Name = readonly [database: string, name: string];

/** The databases of one server. As in mongod, each exists from its first collection to its last. */
export class Store {
  readonly #databases = new Map<string, Map<string, Collection>>();

  databases(): string[] {
    return [...this.#databases.keys()].sort();
  }

  collections(database: string): ReadonlyMap<string, Collection> {
    return this.#databases.get(database) ?? new Map();
  }

  collection(database: string, name: string): Collection | undefined {
    return this.#databases.get(database)?.get(name);
  }

  /** The collection, made when missing. @throws {CommandError} 73 for an invalid name */
  ensure(database: string, name: string, capped?: Capped): Collection {
    checkNames(database, name);
    const collections = this.#databases.get(database) ?? new Map<string, Collection>();
    const collection = collections.get(name) ?? new Collection(`${database}.${name}`, capped);
    this.#databases.set(database, collections.set(name, collection));
    return collection;
  }

  drop(database: string, name: string): void {
    const collections = this.#databases.get(database);
    collections?.get(name)?.drop();
    collections?.delete(name);
    if (collections?.size === 0) this.#databases.delete(database);
  }

  /** Renames an existing collection, and replaces one with the new name. @throws {CommandError} 73 */
  rename([database, name]: Name, [toDatabase, toName]: Name): void {
    const collection = this.collection(database, name);
    if (collection === undefined) return;
    this.ensure(toDatabase, toName).drop();
    this.#databases.get(toDatabase)?.set(toName, collection);
    collection.namespace = `${toDatabase}.${toName}`;
    const left = this.#databases.get(database);
    left?.delete(name);
    if (left?.size === 0) this.#databases.delete(database);
  }

  /** Whether there was such a database. */
  dropDatabase(database: string): boolean {
    for (const collection of this.collections(database).values()) collection.drop();
    return this.#databases.delete(database);
  }

  /** Deletes every document that has expired at `now`, and returns how many. */
  *sweep(now: Date): Steps<number> {
    const all = [...this.#databases.values()].flatMap((collections) => [...collections.values()]);
    let deleted = 0;
    for (const collection of all) deleted += yield* collection.sweep(now.getTime());
    return deleted;
  }
}

/** Checks a database name; the database need not exist. @throws {CommandError} 73 for an invalid name */
export function checkDatabase(name: string): void {
  if (name === '' || Buffer.byteLength(name) > 63 || /[/\\. "\0]/.test(name))
    throw new CommandError(73, `Invalid database name: '${name}'`);
}

/** Names MongoDB refuses (MongoDB manual, "Naming Restrictions"). */
function checkNames(database: string, name: string): void {
  checkDatabase(database);
  const badDatabase = /[$*<>:|?]/.test(database);
  const badName = name === '' || /[$\0]|^\.|^system\.|\.$/.test(name);
  if (badDatabase || badName) throw new CommandError(73, `Invalid namespace specified '${database}.${name}'`);
}
