import { BSONRegExp, UUID } from 'bson';
import type { Packed } from './codec.ts';
import { keyOf } from './compare.ts';
import { CommandError } from './errors.ts';
import { alreadyThere } from './existing-index.ts';
import { ID_INDEX } from './id-index.ts';
import { duplicateKey, Index, type IndexSpec } from './indexes.ts';
import { Item, type Items } from './item.ts';
import { Numbered } from './numbered.ts';
import { compileFilter, type Predicate } from './query.ts';
import { newDocument, packChanged } from './stored.ts';
import type { Steps } from './turns.ts';
import { isOperators } from './value-tests.ts';
import { type Doc, type Found, isArray } from './values.ts';

/** What a capped collection keeps at most: the oldest documents go (MongoDB manual, "Capped Collections"). */
export interface Capped {
  /** Of BSON, in bytes. */
  readonly size: number;
  readonly max: number;
}

/** How many indexes a collection may have, the one on `_id` included (MongoDB manual, "MongoDB Limits and Thresholds"). */
const MAX_INDEXES = 64;

/** The documents of one collection and their indexes. They are kept as BSON, and every read makes its own copy of one. */
export class Collection {
  namespace: string;
  readonly uuid = new UUID();
  readonly capped: Capped | undefined;
  /** In the order they were inserted. */
  readonly #docs = new Numbered<Packed>();
  /** Their numbers by the canonical text of their `_id`. */
  readonly #numbers = new Map<string, number>();
  #bytes = 0;
  /** All but the one on `_id`, which the Map is. */
  #indexes: Index[] = [];
  #building = false;
  #dropped = false;

  constructor(namespace: string, capped?: Capped) {
    this.namespace = namespace;
    this.capped = capped;
  }

  get size(): number {
    return this.#docs.size;
  }

  get indexes(): readonly IndexSpec[] {
    return [ID_INDEX, ...this.#indexes.filter(({ ready }) => ready).map(({ spec }) => spec)];
  }

  /** The size of all documents as BSON, in bytes. */
  bytes(): number {
    return this.#bytes;
  }

  /** What reads it and has not come to its end, fails. */
  drop(): void {
    this.#dropped = true;
  }

  /**
   * The documents a filter matches, in the order they were inserted or backwards. Between two steps documents may come, change and go; each
   * is found at most once, as it is then.
   */
  find(filter: Doc, backwards = false): Items {
    const key = idKeyIn(filter);
    // What has the key needs no other look when the filter says no more.
    const isWhole =
      filter.size === 0 || (key !== undefined && filter.size === 1 && !isOperators(filter.get('_id')));
    const matches = isWhole ? () => true : compileFilter(filter);
    return key === undefined ? this.#scan(matches, backwards) : this.#lookUp(key, matches);
  }

  /** The oldest documents, so many at most. */
  sample(count: number): Doc[] {
    const docs: Doc[] = [];
    for (const item of this.#scan(() => true, false)) {
      if (docs.length >= count) break;
      if (item !== undefined) docs.push(item.doc);
    }
    return docs;
  }

  /** A found document as it is now; undefined when it has gone. */
  current({ number }: Item): Item | undefined {
    const packed = this.#docs.get(number);
    return packed === undefined ? undefined : Item.stored(packed, number);
  }

  *#lookUp(key: string, matches: Predicate): Items {
    const item = this.#itemWith(key);
    if (item !== undefined && matches(item.doc)) yield item;
  }

  #itemWith(key: string): Item | undefined {
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : Item.stored(this.#docs.get(number) as Packed, number);
  }

  *#scan(matches: Predicate, backwards: boolean): Items {
    let number = this.#docs.first(backwards);
    while (number !== undefined) {
      const item = Item.stored(this.#docs.get(number) as Packed, number);
      yield matches(item.doc) ? item : undefined;
      if (this.#dropped) throw new CommandError(175, 'collection dropped');
      number = this.#docs.next(number, backwards);
    }
  }

  /** Stores a new document, `_id` first, made if it has none, and returns it. @throws {CommandError} 11000, 10334, 15, 53, 52 */
  insert(doc: Doc): Doc {
    const { whole, packed } = newDocument(doc);
    const key = keyOf(whole.get('_id'));
    if (this.#numbers.has(key)) throw duplicateKey(this.namespace, ID_INDEX, [whole.get('_id')]);
    for (const index of this.#indexes) index.check(-1, whole);
    const number = this.#docs.add(packed);
    this.#numbers.set(key, number);
    for (const index of this.#indexes) index.add(number, whole);
    this.#bytes += packed.length;
    if (this.capped !== undefined) this.#keepWithin(this.capped);
    return whole;
  }

  /** Whatever its size, the newest stays. */
  #keepWithin({ size, max }: Capped): void {
    while (this.size > 1 && (this.#bytes > size || this.size > max)) {
      const number = this.#docs.first(false) as number;
      this.remove(Item.stored(this.#docs.get(number) as Packed, number));
    }
  }

  /**
   * Puts `next` in the place of a document with the same `_id`. False when it is the same, byte for byte.
   * @throws {CommandError} 11000, 17419, 15
   */
  replace(old: Item, next: Doc): boolean {
    const packed = packChanged(next);
    if (packed === old.packed) return false;
    const { number } = old;
    for (const index of this.#indexes) index.check(number, next);
    for (const index of this.#indexes) index.remove(number, old.doc);
    for (const index of this.#indexes) index.add(number, next);
    this.#bytes += packed.length - old.packed.length;
    this.#docs.set(number, packed);
    return true;
  }

  remove(item: Item): void {
    for (const index of this.#indexes) index.remove(item.number, item.doc);
    this.#bytes -= item.packed.length;
    this.#numbers.delete(keyOf(item.doc.get('_id')));
    this.#docs.delete(item.number);
  }

  /** Adds an index unless it is there, and says whether it did. Only one is built at a time. @throws {CommandError} 11000, 85, 86, 67 */
  *createIndex(spec: IndexSpec): Steps<boolean> {
    while (this.#building) yield;
    if (alreadyThere(this.indexes, spec)) return false;
    if (this.capped !== undefined && spec.expireAfterSeconds !== undefined)
      throw new CommandError(67, 'Cannot create TTL index on a capped collection');
    if (this.#indexes.length + 1 >= MAX_INDEXES)
      throw new CommandError(67, `add index fails, too many indexes for ${this.namespace}`);
    yield* this.#build(new Index(this, spec));
    return true;
  }

  /** Changes options of an index that have no part in what is unique. */
  *changeIndex(name: string, change: Partial<IndexSpec>): Steps<void> {
    const old = this.#indexes.find(({ spec }) => spec.name === name);
    if (old === undefined) return;
    yield* this.#build(new Index(this, { ...old.spec, ...change }), old);
  }

  /** Meanwhile documents come and go: what is written is put into the index at once, and found again by the build. */
  *#build(index: Index, instead?: Index): Steps<void> {
    this.#building = true;
    this.#indexes.push(index);
    try {
      for (const item of this.#scan(() => true, false)) {
        if (item === undefined) continue;
        index.check(item.number, item.doc);
        index.add(item.number, item.doc);
        yield;
      }
      index.ready = true;
      if (instead === undefined) return;
      const others = this.#indexes.filter((other) => other !== index);
      this.#indexes = others.map((other) => (other === instead ? index : other));
    } finally {
      this.#building = false;
      if (!index.ready) this.#indexes = this.#indexes.filter((other) => other !== index);
    }
  }

  dropIndexes(names: readonly string[]): void {
    this.#indexes = this.#indexes.filter(({ spec }) => !names.includes(spec.name));
  }

  /** Deletes what TTL indexes say is due at `now`, in milliseconds since 1970, and returns how many documents. */
  *sweep(now: number): Steps<number> {
    let deleted = 0;
    for (const index of this.#indexes) {
      for (const number of index.expired(now)) {
        // Between two steps the index may have been dropped.
        if (!this.#indexes.includes(index)) break;
        this.remove(Item.stored(this.#docs.get(number) as Packed, number));
        deleted++;
        yield;
      }
    }
    return deleted;
  }
}

/** The key of the one document that a filter can match, when it names its `_id`: so a session is found among 100,000 without a scan. */
function idKeyIn(filter: Doc): string | undefined {
  const asked = filter.get('_id');
  const id: Found = isOperators(asked) ? asked.get('$eq') : asked;
  // An array or null may also match what is inside an _id, or none at all; a regular expression many.
  const anywhere = id === undefined || id === null || isArray(id) || asked instanceof BSONRegExp;
  return anywhere ? undefined : keyOf(id);
}
