import type { Document } from 'bson';
import { keyOf } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { indexKeys, reach } from './paths.ts';
import { compileFilter } from './query.ts';
import { type Doc, type Found, show } from './values.ts';

/** One text for the values of all fields of an index. */
const keyOfAll = (values: readonly Found[]): string => values.map(keyOf).join();

/** A checked specification of createIndexes. `expireAfterSeconds` makes it a TTL index. */
export interface IndexSpec {
  readonly name: string;
  readonly key: Doc;
  readonly unique: boolean;
  readonly expireAfterSeconds: number | undefined;
  /** Documents without any of the fields are not in it. */
  readonly sparse?: boolean;
  /** Only documents that match are in it. */
  readonly partialFilter?: Doc | undefined;
  /** Whether queries may not name it as their hint. */
  readonly hidden?: boolean;
}

/** The error when two documents have the same key in a unique index (MongoDB manual, "Unique Indexes"). */
export function duplicateKey(namespace: string, index: IndexSpec, values: readonly Found[]): CommandError {
  const fields = [...index.key.keys()].map((name, i) => [name, values[i] ?? null] as const);
  const keyValue = new Map(fields);
  const message = `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: ${show(keyValue)}`;
  const extra: Document = { keyPattern: index.key, keyValue };
  return new CommandError(11000, message, extra);
}

/** One index of a collection: enforces uniqueness and knows when documents expire. Finds are not served from it. */
export class Index {
  readonly spec: IndexSpec;
  readonly #collection: { readonly namespace: string };
  readonly #paths: readonly (readonly string[])[];
  readonly #matches: (doc: Doc) => boolean;
  /** A unique index's keys, and their documents' numbers. */
  readonly #owners = new Map<string, number>();
  /** False while it is built: then no listing shows it. */
  ready = false;
  /** A TTL index's documents that have a date. */
  readonly #expiries = new ExpiryQueue();

  constructor(collection: { readonly namespace: string }, spec: IndexSpec) {
    this.#collection = collection;
    this.spec = spec;
    this.#paths = [...spec.key.keys()].map((name) => name.split('.'));
    this.#matches = spec.partialFilter === undefined ? () => true : compileFilter(spec.partialFilter);
  }

  /** @throws {CommandError} 11000 when a document other than number `id` has a key of `doc`, 171 for parallel arrays */
  check(id: number, doc: Doc): void {
    const keys = this.#keys(doc);
    if (!this.spec.unique) return;
    for (const values of keys) {
      const owner = this.#owners.get(keyOfAll(values));
      if (owner !== undefined && owner !== id)
        throw duplicateKey(this.#collection.namespace, this.spec, values);
    }
  }

  add(id: number, doc: Doc): void {
    if (this.spec.unique) for (const key of this.#keys(doc)) this.#owners.set(keyOfAll(key), id);
    const expiry = this.#expiryOf(doc);
    if (expiry !== undefined) this.#expiries.set(id, expiry);
  }

  remove(id: number, doc: Doc): void {
    const keys = this.spec.unique ? this.#keys(doc).map(keyOfAll) : [];
    // An index that is being built may not have reached this document yet.
    for (const key of keys) if (this.#owners.get(key) === id) this.#owners.delete(key);
    this.#expiries.delete(id);
  }

  /**
   * The numbers of the documents due at `now` (milliseconds since 1970), the earliest first. Remove each before the next. Between two of them
   * documents may be added, removed and changed: at the end none is due.
   */
  *expired(now: number): Generator<number> {
    for (let id = this.#expiries.due(now); id !== undefined; id = this.#expiries.due(now)) yield id;
  }

  /** Whether the index has an entry for the document. */
  #covers(doc: Doc): boolean {
    const exists = (path: readonly string[]) =>
      reach(doc, path, 'whole').some((value) => value !== undefined);
    return this.spec.sparse ? this.#paths.some(exists) : this.#matches(doc);
  }

  /** Every combination of the fields' values, since an array has a key for each element; none for a document that is not in the index. */
  #keys(doc: Doc): Found[][] {
    if (!this.#covers(doc)) return [];
    const fields = this.#paths.map((path) => indexKeys(doc, path));
    if (fields.filter(({ several }) => several).length > 1) {
      const roots = new Set(this.#paths.filter((_, i) => fields[i]?.several).map(([root]) => root));
      if (roots.size > 1) throw new CommandError(171, 'cannot index parallel arrays');
      throw notSupported('a compound index on several fields of one array');
    }
    // In that case mongod skips elements without the field, but not a null.
    const unclear = fields.some(
      ({ several, values }, i) => several && values.includes(null) && this.#paths[i]?.[1] !== undefined,
    );
    if (this.spec.sparse && unclear)
      throw notSupported('a sparse index on a field that some elements of an array lack');
    return fields.reduce<Found[][]>(
      (keys, { values }) => keys.flatMap((key) => values.map((value) => [...key, value])),
      [[]],
    );
  }

  /** The earliest date of the field; without a date a document never expires (MongoDB manual, "TTL Indexes"). */
  #expiryOf(doc: Doc): number | undefined {
    const { expireAfterSeconds } = this.spec;
    const [path] = this.#paths;
    if (expireAfterSeconds === undefined || path === undefined || !this.#covers(doc)) return undefined;
    const dates = indexKeys(doc, path).values.filter((value) => value instanceof Date);
    if (dates.length === 0) return undefined;
    return Math.min(...dates.map(Number)) + expireAfterSeconds * 1000;
  }
}
