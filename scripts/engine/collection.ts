import { UUID } from 'bson';
import { firstValueOf, type Packed } from './codec.ts';
import { CollectionIndexes } from './collection-indexes.ts';
import { keyOf } from './compare.ts';
import { CommandError } from './errors.ts';
import { ID_INDEX } from './id-index.ts';
import { duplicateKey } from './indexes.ts';
import { Item, type Items } from './item.ts';
import { idsIn, saysNoMore } from './named-ids.ts';
import { hashOf, NumberTable } from './number-table.ts';
import { Numbered } from './numbered.ts';
import { compileFilter, type Predicate } from './query.ts';
import { newDocument, packChanged } from './stored.ts';
import type { Steps } from './turns.ts';
import type { Doc, Value } from './values.ts';

/** The limits of a capped collection: the oldest documents are removed (MongoDB manual, "Capped Collections"). */
export interface Capped {
  /** Of BSON, in bytes. */
  readonly size: number;
  readonly max: number;
}

/** The documents of one collection and their indexes. They are kept as BSON, and every read makes its own copy of one. */
export class Collection {
  namespace: string;
  readonly uuid = new UUID();
  readonly capped: Capped | undefined;
  /** In the order they were inserted. */
  readonly #docs = new Numbered<Packed>();
  /** Their numbers by the canonical text of their `_id`, which is read from the document when needed. */
  readonly #numbers = new NumberTable();
  #bytes = 0;
  readonly indexes: CollectionIndexes = new CollectionIndexes(this);
  #dropped = false;

  constructor(namespace: string, capped?: Capped) {
    this.namespace = namespace;
    this.capped = capped;
  }

  get size(): number {
    return this.#docs.size;
  }

  /** The size of all documents as BSON, in bytes. */
  bytes(): number {
    return this.#bytes;
  }

  /** Unfinished reads of it fail. */
  drop(): void {
    this.#dropped = true;
  }

  /**
   * The documents a filter matches, in the order they were inserted or backwards. Between two steps documents may be added, changed and removed; each
   * is found at most once, as it is then. `inside`: the caller will read their values, so large ones are decoded in steps.
   */
  find(filter: Doc, { backwards = false, inside = true } = {}): Items {
    const ids = idsIn(filter);
    // A document with this _id needs no other test when the filter has no more conditions.
    const isWhole =
      filter.size === 0 || (ids !== undefined && filter.size === 1 && saysNoMore(filter.get('_id')));
    const matches = isWhole ? undefined : compileFilter(filter);
    const numbers = ids === undefined ? this.#allNumbers(backwards) : this.#numbersOf(ids, backwards);
    return this.#items(numbers, matches, inside || matches !== undefined);
  }

  /** A found document as it is now; undefined when it was removed. */
  current({ number }: Item): Item | undefined {
    return this.#at(number);
  }

  /** Without a filter documents are decoded only when the caller reads their values. */
  *#items(numbers: Steps<void, number>, matches: Predicate | undefined, inside: boolean): Items {
    for (const number of numbers) {
      const item = number === undefined ? undefined : inside ? yield* this.#read(number) : this.#at(number);
      yield item !== undefined && (matches === undefined || matches(item.doc)) ? item : undefined;
      if (this.#dropped) throw new CommandError(175, 'collection dropped');
    }
  }

  *#allNumbers(backwards: boolean): Steps<void, number> {
    let number = this.#docs.first(backwards);
    while (number !== undefined) {
      yield number;
      number = this.#docs.next(number, backwards);
    }
  }

  /** In the order of the collection. */
  *#numbersOf(ids: readonly Value[], backwards: boolean): Steps<void, number> {
    const found = new Set<number>();
    for (const id of ids) {
      const number = this.#numberOf(keyOf(id));
      if (number !== undefined) found.add(number);
      if (ids.length > 1) yield;
    }
    const inOrder = found.size === 1 ? [...found] : Float64Array.from([...found]).sort();
    yield* backwards ? inOrder.reverse() : inOrder;
  }

  #numberOf(key: string): number | undefined {
    return this.#numbers.find(
      hashOf(key),
      (number) => keyOf(firstValueOf(this.#docs.get(number) as Packed)) === key,
    );
  }

  #at(number: number): Item | undefined {
    const packed = this.#docs.get(number);
    return packed === undefined ? undefined : Item.stored(packed, number);
  }

  /** A decoded document in its current version: while a large one is decoded it may change. */
  *#read(number: number): Steps<Item | undefined> {
    for (;;) {
      const item = this.#at(number);
      if (item === undefined) return undefined;
      yield* item.open();
      if (this.#docs.get(number) === item.packed) return item;
    }
  }

  /** Stores a new document, with `_id` first, which it makes when there is none, and returns it. @throws {CommandError} 11000, 10334, 15, 53, 52 */
  insert(doc: Doc): Doc {
    const { whole, packed } = newDocument(doc);
    const key = keyOf(whole.get('_id'));
    if (this.#numberOf(key) !== undefined) throw duplicateKey(this.namespace, ID_INDEX, [whole.get('_id')]);
    this.indexes.check(-1, whole);
    const number = this.#docs.add(packed);
    this.#numbers.add(hashOf(key), number);
    this.indexes.add(number, whole);
    this.#bytes += packed.length;
    if (this.capped !== undefined) this.#keepWithin(this.capped);
    return whole;
  }

  /** Removes the oldest documents. The newest stays, whatever its size. */
  #keepWithin({ size, max }: Capped): void {
    while (this.size > 1 && (this.#bytes > size || this.size > max)) {
      const number = this.#docs.first(false) as number;
      this.remove(Item.stored(this.#docs.get(number) as Packed, number));
    }
  }

  /**
   * Replaces a document by `next` with the same `_id`. False when both are the same, byte for byte.
   * @throws {CommandError} 11000, 17419, 15
   */
  replace(old: Item, next: Doc): boolean {
    const packed = packChanged(next);
    if (packed === old.packed) return false;
    const { number } = old;
    this.indexes.check(number, next);
    this.indexes.remove(number, old.doc);
    this.indexes.add(number, next);
    this.#bytes += packed.length - old.packed.length;
    this.#docs.set(number, packed);
    return true;
  }

  remove(item: Item): void {
    this.indexes.remove(item.number, item.doc);
    this.#bytes -= item.packed.length;
    this.#numbers.delete(hashOf(keyOf(item.doc.get('_id'))), item.number);
    this.#docs.delete(item.number);
  }

  /** Deletes the documents that have expired at `now`, in milliseconds since 1970, and returns how many. */
  *sweep(now: number): Steps<number> {
    let deleted = 0;
    for (const number of this.indexes.expired(now)) {
      this.remove(Item.stored(this.#docs.get(number) as Packed, number));
      deleted++;
      yield;
    }
    return deleted;
  }
}
