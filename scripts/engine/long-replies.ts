import type { Long } from 'bson';
import { MAX_DOCUMENT, type Packed, pack } from './codec.ts';
import { CommandError } from './errors.ts';
import type { Steps } from './turns.ts';
import type { Value } from './values.ts';

const DOUBLE = 0x01;
const STRING = 0x02;
const DOCUMENT = 0x03;
const ARRAY = 0x04;
const INT64 = 0x12;

// Replies that may be long are written from BSON that is there already, in one copy.

/** An element of an array: its BSON type, and its BSON as a text of one character a byte. */
interface Element {
  readonly type: number;
  readonly bytes: string;
}

class Writer {
  readonly bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  int32(value: number): void {
    this.#at = this.bytes.writeInt32LE(value, this.#at);
  }

  /** An element's type and name. */
  head(type: number, name: string): void {
    this.bytes[this.#at++] = type;
    this.raw(`${name}\0`);
  }

  raw(latin1: string): void {
    this.#at += this.bytes.write(latin1, this.#at, 'latin1');
  }

  int64(name: string, value: Long): void {
    this.head(INT64, name);
    this.#at = this.bytes.writeBigInt64LE(value.toBigInt(), this.#at);
  }

  *array(name: string, elements: readonly Element[], size: number): Steps<void> {
    this.head(ARRAY, name);
    this.int32(size);
    for (const [position, { type, bytes }] of elements.entries()) {
      this.head(type, String(position));
      this.raw(bytes);
      yield;
    }
    this.raw('\0');
  }

  /** `ok: 1`, and the end of the document. */
  ok(): Buffer {
    this.head(DOUBLE, 'ok');
    this.#at = this.bytes.writeDoubleLE(1, this.#at);
    this.raw('\0');
    return this.bytes;
  }
}

const OK_SIZE = 1 + 3 + 8 + 1;
const sizeOfArray = (elements: readonly Element[]) =>
  5 + elements.reduce((sum, { bytes }, at) => sum + elementSize(bytes.length, at), 0);

/** What a value takes in an array, in bytes: its type, its position as a text that ends with a NUL, and itself. */
export const elementSize = (length: number, position: number): number => length + 2 + String(position).length;

/** The BSON of `{ cursor: { firstBatch, id, ns }, ok: 1 }`, or with `nextBatch`. */
export function* cursorReply(
  field: 'firstBatch' | 'nextBatch',
  batch: readonly Packed[],
  id: Long,
  namespace: string,
): Steps<Buffer> {
  const elements = batch.map((bytes) => ({ type: DOCUMENT, bytes }));
  const array = sizeOfArray(elements);
  const ns = Buffer.from(`${namespace}\0`).toString('latin1');
  const cursor = 4 + (field.length + 2) + array + (1 + 3 + 8) + (1 + 3 + 4 + ns.length) + 1;
  const writer = new Writer(4 + (1 + 7) + cursor + OK_SIZE);
  writer.int32(writer.bytes.length);
  writer.head(DOCUMENT, 'cursor');
  writer.int32(cursor);
  yield* writer.array(field, elements, array);
  writer.int64('id', id);
  writer.head(STRING, 'ns');
  writer.int32(ns.length);
  writer.raw(`${ns}\0`);
  return writer.ok();
}

/** Values for a reply of their own, added one by one. */
export class Values {
  readonly #elements: Element[] = [];
  #size = 5;

  /** @throws {CommandError} 17217 when they no longer fit */
  add(value: Value): void {
    // A document of one field without a name: its size, the field's type, a NUL, the value, a NUL.
    const bytes = pack(new Map([['', value]]));
    const element = { type: bytes.charCodeAt(4), bytes: bytes.slice(6, -1) };
    this.#size += elementSize(element.bytes.length, this.#elements.length);
    if (this.#size > MAX_DOCUMENT) throw new CommandError(17217, 'distinct too big, 16mb cap');
    this.#elements.push(element);
  }

  /** The BSON of `{ values, ok: 1 }`. */
  *reply(): Steps<Buffer> {
    const writer = new Writer(4 + (1 + 7) + this.#size + OK_SIZE);
    writer.int32(writer.bytes.length);
    yield* writer.array('values', this.#elements, this.#size);
    return writer.ok();
  }
}
