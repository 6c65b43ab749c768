import type { Document } from 'bson';
import { type Packed, pack, unpack } from './codec.ts';
import type { Doc } from './values.ts';

/** A document on its way through a query: as BSON, as values, or both. It is decoded when somebody looks inside. */
export class Item {
  #packed: Packed | undefined;
  #doc: Doc | undefined;
  /** Its number in its collection; -1 for what a query has made. */
  readonly number: number;

  private constructor(packed: Packed | undefined, doc: Doc | undefined, number: number) {
    this.#packed = packed;
    this.#doc = doc;
    this.number = number;
  }

  static stored(packed: Packed, number: number): Item {
    return new Item(packed, undefined, number);
  }

  static made(doc: Doc): Item {
    return new Item(undefined, doc, -1);
  }

  /** What the engine describes itself by. */
  static described(description: Document): Item {
    return new Item(pack(description), undefined, -1);
  }

  /** The same without its values, to be kept for long. */
  get kept(): Item {
    return this.#doc === undefined ? this : new Item(this.packed, undefined, this.number);
  }

  get doc(): Doc {
    this.#doc ??= unpack(this.#packed as Packed);
    return this.#doc;
  }

  /** @throws {CommandError} 10334 for more than mongod writes */
  get packed(): Packed {
    this.#packed ??= pack(this.#doc as Doc);
    return this.#packed;
  }
}

/** What a query finds, one after the other. `undefined` is a step that found nothing: there somebody else may have a turn. */
export type Items = Generator<Item | undefined, void, undefined>;

/** What a query keeps of its results until they are fetched, in bytes of BSON. */
export interface Held {
  bytes: number;
}

/** What an item takes beside its BSON, in bytes. */
const OVERHEAD = 64;
const sizeOf = ({ packed }: Item) => packed.length + OVERHEAD;

/** Documents that a query has to keep, handed out one by one. */
export function* handOut(kept: readonly Item[], held: Held): Items {
  held.bytes += kept.reduce((sum, item) => sum + sizeOf(item), 0);
  for (const item of kept) {
    held.bytes -= sizeOf(item);
    yield item;
  }
}
