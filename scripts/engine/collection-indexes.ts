import { CommandError } from './errors.ts';
import { alreadyThere } from './existing-index.ts';
import { ID_INDEX } from './id-index.ts';
import { Index, type IndexSpec } from './indexes.ts';
import type { Items } from './item.ts';
import type { Steps } from './turns.ts';
import type { Doc } from './values.ts';

/** How many indexes a collection may have, including the one on `_id` (MongoDB manual, "MongoDB Limits and Thresholds"). */
const MAX_INDEXES = 64;
const NO_FILTER: Doc = new Map();

/** What the indexes need of their collection. */
interface Indexed {
  readonly namespace: string;
  readonly capped: unknown;
  find(filter: Doc): Items;
}

/** The indexes of a collection. The one on `_id` is kept by the collection itself. */
export class CollectionIndexes {
  readonly #collection: Indexed;
  /** All but the one on `_id`. */
  #others: Index[] = [];
  #building = false;

  constructor(collection: Indexed) {
    this.#collection = collection;
  }

  /** The finished indexes, the one on `_id` first. */
  get specs(): readonly IndexSpec[] {
    return [ID_INDEX, ...this.#others.filter(({ ready }) => ready).map(({ spec }) => spec)];
  }

  /** @throws {CommandError} 11000 when a document other than `number` has a key of `doc` in a unique index */
  check(number: number, doc: Doc): void {
    for (const index of this.#others) index.check(number, doc);
  }

  add(number: number, doc: Doc): void {
    for (const index of this.#others) index.add(number, doc);
  }

  remove(number: number, doc: Doc): void {
    for (const index of this.#others) index.remove(number, doc);
  }

  /** Adds an index unless it exists, and returns whether it did. Only one is built at a time. @throws {CommandError} 11000, 85, 86, 67 */
  *create(spec: IndexSpec): Steps<boolean> {
    while (this.#building) yield;
    if (alreadyThere(this.specs, spec)) return false;
    if (this.#collection.capped !== undefined && spec.expireAfterSeconds !== undefined)
      throw new CommandError(67, 'Cannot create TTL index on a capped collection');
    if (this.#others.length + 1 >= MAX_INDEXES)
      throw new CommandError(67, `add index fails, too many indexes for ${this.#collection.namespace}`);
    yield* this.#build(new Index(this.#collection, spec));
    return true;
  }

  /** Changes options of an index that do not affect uniqueness. */
  *change(name: string, change: Partial<IndexSpec>): Steps<void> {
    const old = this.#others.find(({ spec }) => spec.name === name);
    if (old === undefined) return;
    yield* this.#build(new Index(this.#collection, { ...old.spec, ...change }), old);
  }

  /** Documents may change meanwhile: each write updates the index at once, and the build may reach that document again. */
  *#build(index: Index, instead?: Index): Steps<void> {
    this.#building = true;
    this.#others.push(index);
    try {
      for (const item of this.#collection.find(NO_FILTER)) {
        if (item === undefined) continue;
        index.check(item.number, item.doc);
        index.add(item.number, item.doc);
        yield;
      }
      index.ready = true;
      if (instead === undefined) return;
      const others = this.#others.filter((other) => other !== index);
      this.#others = others.map((other) => (other === instead ? index : other));
    } finally {
      this.#building = false;
      if (!index.ready) this.#others = this.#others.filter((other) => other !== index);
    }
  }

  drop(names: readonly string[]): void {
    this.#others = this.#others.filter(({ spec }) => !names.includes(spec.name));
  }

  /**
   * The numbers of the documents that have expired by TTL indexes at `now`, in milliseconds since 1970. Remove each before the next. Between two of
   * them an index may be dropped.
   */
  *expired(now: number): Generator<number> {
    for (const index of this.#others) {
      for (const number of index.expired(now)) {
        if (!this.#others.includes(index)) break;
        yield number;
      }
    }
  }
}
