import type { Document } from 'bson';
import { isLarge, type Packed, pack, unpack, unpackInSteps } from './codec.ts';
import type { Steps } from './turns.ts';
import type { Doc } from './values.ts';

/** A document in a query: as BSON, as values, or both. It is decoded when its values are read. */
export class Item {
  #packed: Packed | undefined;
  #doc: Doc | undefined;
  /** Its number in its collection; -1 for a document that a query has made. */
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

  /** A document that describes the engine. */
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

  /** Decodes a large document in steps, before its values are read. */
  *open(): Steps<void> {
    if (this.#doc === undefined && isLarge(this.packed)) this.#doc = yield* unpackInSteps(this.packed);
  }

  /** @throws {CommandError} 10334 for a larger document than mongod writes */
  get packed(): Packed {
    this.#packed ??= pack(this.#doc as Doc);
    return this.#packed;
  }
}

/** The results of a query, one after the other. `undefined` is a step without a result: other work may run then. */
export type Items = Steps<void, Item>;

/** The memory for results that a query keeps until they are fetched, in bytes of BSON. */
export interface Held {
  bytes: number;
}

/** The memory of an item beside its BSON, in bytes. */
const OVERHEAD = 64;
const sizeOf = ({ packed }: Item) => packed.length + OVERHEAD;

/** Documents that a query has to keep, handed out one by one. */
export function* handOut(kept: readonly Item[], held: Held): Items {
  for (const item of kept) {
    held.bytes += sizeOf(item);
    yield;
  }
  for (const item of kept) {
    held.bytes -= sizeOf(item);
    yield item;
  }
}
