import { BSONRegExp, ObjectId, Timestamp, UUID } from 'bson';
import { MAX_DOCUMENT, type Packed, pack, unpack } from './codec.ts';
import { keyOf } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { alreadyThere, ID_INDEX } from './index-spec.ts';
import { duplicateKey, Index, type IndexSpec } from './indexes.ts';
import { compileFilter } from './query.ts';
import { isOperators } from './value-tests.ts';
import { aliasOf, type Doc, type Found, isArray, isDoc, type Value } from './values.ts';

/** How deep a stored document may nest; mongod keeps 20 of its 200 levels for the commands around it (MongoDB source, BSONDepth). */
const MAX_DEPTH = 180;

/** The documents of one collection and their indexes. They are kept as BSON, and every read makes its own copy of one. */
export class Collection {
  readonly namespace: string;
  readonly uuid = new UUID();
  /** In the order they were inserted, by the canonical text of their `_id`. */
  readonly #docs = new Map<string, Packed>();
  #bytes = 0;
  /** All but the one on `_id`, which the Map is. */
  #indexes: Index[] = [];

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  get size(): number {
    return this.#docs.size;
  }

  get indexes(): readonly IndexSpec[] {
    return [ID_INDEX, ...this.#indexes.map(({ spec }) => spec)];
  }

  /** The size of all documents as BSON, in bytes. */
  bytes(): number {
    return this.#bytes;
  }

  /** The documents a filter matches, at most `limit` of them, in the order they were inserted. */
  find(filter: Doc, limit = Number.POSITIVE_INFINITY): Doc[] {
    const matches = compileFilter(filter);
    const found: Doc[] = [];
    for (const doc of this.#candidates(filter)) {
      if (found.length >= limit) break;
      if (matches(doc)) found.push(doc);
    }
    return found;
  }

  /** Stores a new document, `_id` first, made if it has none, and returns it. @throws {CommandError} 11000, 10334, 15, 53, 52 */
  insert(doc: Doc): Doc {
    const id = doc.get('_id');
    checkId(id);
    // A Map keeps the first place of a key, so setting the whole document again leaves _id in front.
    const whole: Doc = new Map([['_id', id === undefined ? new ObjectId() : id], ...doc]);
    const packed = packNew(whole);
    const key = keyOf(whole.get('_id'));
    if (this.#docs.has(key)) throw duplicateKey(this.namespace, ID_INDEX, [id]);
    for (const index of this.#indexes) index.check(key, whole);
    for (const index of this.#indexes) index.add(key, whole);
    this.#put(key, packed);
    return whole;
  }

  /** Puts `next` in the place of `old`; both have the same `_id`. @throws {CommandError} 11000, 17419, 15 */
  replace(old: Doc, next: Doc): void {
    const packed = packChanged(next);
    const key = keyOf(old.get('_id'));
    for (const index of this.#indexes) index.check(key, next);
    for (const index of this.#indexes) index.remove(key, old);
    for (const index of this.#indexes) index.add(key, next);
    this.#put(key, packed);
  }

  remove(doc: Doc): void {
    this.#removeKey(keyOf(doc.get('_id')));
  }

  /** Adds an index unless it is there, and says whether it did. @throws {CommandError} 11000, 85, 86 */
  createIndex(spec: IndexSpec): boolean {
    if (alreadyThere(this.indexes, spec)) return false;
    this.#indexes.push(this.#built(spec));
    return true;
  }

  /** Changes options of an index that have no part in what is unique. */
  changeIndex(name: string, change: Partial<IndexSpec>): void {
    this.#indexes = this.#indexes.map((index) =>
      index.spec.name === name ? this.#built({ ...index.spec, ...change }) : index,
    );
  }

  #built(spec: IndexSpec): Index {
    const index = new Index(this.namespace, spec);
    for (const [key, packed] of this.#docs) {
      const doc = unpack(packed);
      index.check(key, doc);
      index.add(key, doc);
    }
    return index;
  }

  dropIndexes(names: readonly string[]): void {
    this.#indexes = this.#indexes.filter(({ spec }) => !names.includes(spec.name));
  }

  /** Deletes what TTL indexes say is due at `now`, in milliseconds since 1970, one document a step. */
  *sweep(now: number): Generator<void> {
    for (const index of this.#indexes) {
      for (const key of index.expired(now)) {
        // Between two steps the index may have been dropped.
        if (!this.#indexes.includes(index)) break;
        this.#removeKey(key);
        yield;
      }
    }
  }

  #put(key: string, packed: Packed): void {
    this.#bytes += packed.length - (this.#docs.get(key)?.length ?? 0);
    this.#docs.set(key, packed);
  }

  #removeKey(key: string): void {
    const packed = this.#docs.get(key);
    if (packed === undefined) return;
    const doc = unpack(packed);
    for (const index of this.#indexes) index.remove(key, doc);
    this.#bytes -= packed.length;
    this.#docs.delete(key);
  }

  /** One document when the filter names its `_id`, so that a session is found among 100,000 without a scan. */
  *#candidates(filter: Doc): Generator<Doc> {
    const asked = filter.get('_id');
    const id: Found = isOperators(asked) ? asked.get('$eq') : asked;
    // An array or null may also match what is inside an _id, or none at all; a regular expression many.
    const anywhere = id === undefined || id === null || isArray(id) || asked instanceof BSONRegExp;
    for (const packed of anywhere ? this.#docs.values() : [this.#docs.get(keyOf(id))]) {
      if (packed !== undefined) yield unpack(packed);
    }
  }
}

function checkId(id: Found): void {
  if (isArray(id) || id instanceof BSONRegExp) {
    throw new CommandError(53, `The '_id' value cannot be of type ${aliasOf(id)}`);
  }
  const dollar = isDoc(id) ? [...id.keys()].find((name) => name.startsWith('$')) : undefined;
  if (dollar !== undefined) {
    throw new CommandError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
    );
  }
}

/** @throws {CommandError} 10334 for more than 16 MiB, 15, 238 for a value that mongod would fill in */
function packNew(doc: Doc): Packed {
  checkDepth(doc, MAX_DEPTH);
  const packed = pack(doc);
  if (packed.length > MAX_DOCUMENT) {
    throw new CommandError(
      10334,
      `BSONObj size: ${packed.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT}(16MB)`,
    );
  }
  // mongod fills an empty top-level timestamp with its own clock.
  if ([...doc.values()].some((value) => value instanceof Timestamp && value.isZero())) {
    throw notSupported('an empty timestamp, which the server would fill in,');
  }
  return packed;
}

/** @throws {CommandError} 17419 for more than 16 MiB, 15 */
function packChanged(doc: Doc): Packed {
  checkDepth(doc, MAX_DEPTH);
  const packed = pack(doc);
  if (packed.length <= MAX_DOCUMENT) return packed;
  throw new CommandError(17419, `Resulting document after update is larger than ${MAX_DOCUMENT}`);
}

function checkDepth(value: Doc | readonly Value[], levels: number): void {
  if (levels === 0) throw new CommandError(15, `Document exceeds maximum nesting depth of ${MAX_DEPTH}`);
  for (const inner of value.values()) if (isDoc(inner) || isArray(inner)) checkDepth(inner, levels - 1);
}
