import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MinKey, ObjectId, Timestamp } from 'bson';
import { CommandError } from './errors.ts';
import type { Steps } from './turns.ts';

/** Up to this length a text is written letter by letter: calling Buffer costs more. */
const SHORT = 24;
/** How many elements are written in one step. */
const SLICE = 256;

/** An element's name; in an array its position. */
type Name = string | number;

/** A value that is BSON already: its type, and its bytes as a text of one character each. */
export class Raw {
  readonly type: number;
  readonly bytes: string;

  constructor(type: number, bytes: string) {
    this.type = type;
    this.bytes = bytes;
  }
}

/** Writes BSON (bsonspec.org): documents as the engine holds them, and replies made of plain objects with such documents in them. */
export class Writer {
  #bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  get length(): number {
    return this.#at;
  }

  /** The bytes written. The next write changes them. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Starts again, in the same memory unless that has become large. */
  reset(most: number): void {
    if (this.#bytes.length > most) this.#bytes = Buffer.allocUnsafe(most);
    this.#at = 0;
  }

  /** A document or an array of at most that many levels. @throws {CommandError} 15 */
  container(value: object, levels: number): void {
    if (levels === 0) throw new CommandError(15, 'Document exceeds maximum nesting depth');
    const start = this.#begin();
    if (Array.isArray(value)) for (let i = 0; i < value.length; i++) this.#element(i, value[i], levels);
    else if (value instanceof Map) for (const [name, one] of value) this.#element(name, one, levels);
    else
      for (const [name, one] of Object.entries(value))
        if (one !== undefined) this.#element(name, one, levels);
    this.#end(start);
  }

  /** The same in steps, however deep. */
  *containerInSteps(value: object): Steps<void> {
    const start = this.#begin();
    let written = 0;
    for (const [name, one] of elementsOf(value)) {
      if (++written % SLICE === 0) yield;
      if (one === undefined) continue;
      if (!isContainer(one)) this.#element(name, one, Number.POSITIVE_INFINITY);
      else {
        this.#head(Array.isArray(one) ? 0x04 : 0x03, name);
        yield* this.containerInSteps(one);
      }
    }
    this.#end(start);
  }

  #begin(): number {
    this.#reserve(4);
    this.#at += 4;
    return this.#at - 4;
  }

  #end(start: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = 0;
    this.#put(this.#at - start, start);
  }

  /** Like writeInt32LE, without its checks. */
  #put(value: number, at: number): void {
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >> 8;
    this.#bytes[at + 2] = value >> 16;
    this.#bytes[at + 3] = value >> 24;
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  /** A type and a name, and room for a number after it. */
  #head(type: number, name: Name): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = type;
    if (typeof name === 'string') this.#text(name);
    else this.#digits(name);
    this.#reserve(16);
  }

  /** A position and a NUL. */
  #digits(position: number): void {
    this.#reserve(12);
    let length = 1;
    for (let power = 10; power <= position; power *= 10) length++;
    let rest = position;
    for (let at = this.#at + length - 1; at >= this.#at; at--) {
      this.#bytes[at] = 48 + (rest % 10);
      rest = (rest / 10) | 0;
    }
    this.#at += length;
    this.#bytes[this.#at++] = 0;
  }

  /** UTF-8 and a NUL. */
  #text(text: string): void {
    this.#reserve(3 * text.length + 1);
    if (text.length > SHORT || !this.#ascii(text)) this.#at += this.#bytes.write(text, this.#at, 'utf8');
    this.#bytes[this.#at++] = 0;
  }

  #ascii(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return false;
      this.#bytes[this.#at + i] = unit;
    }
    this.#at += text.length;
    return true;
  }

  #element(name: Name, value: unknown, levels: number): void {
    if (typeof value === 'string') {
      this.#head(0x02, name);
      const start = this.#at;
      this.#at += 4;
      this.#text(value);
      this.#put(this.#at - start - 4, start);
    } else if (value === null || value === undefined) this.#head(0x0a, name);
    else if (typeof value === 'boolean') {
      this.#head(0x08, name);
      this.#bytes[this.#at++] = value ? 1 : 0;
    } else if (typeof value === 'number') this.#number(name, value);
    else if (value instanceof Map) {
      this.#head(0x03, name);
      this.container(value, levels - 1);
    } else if (value instanceof Int32) this.#int32(name, value.value);
    else if (value instanceof Double) this.#double(name, value.value);
    else if (value instanceof Date) this.#int64(0x09, name, BigInt(value.getTime()));
    else if (Array.isArray(value)) {
      this.#head(0x04, name);
      this.container(value, levels - 1);
    } else this.#other(name, value, levels);
  }

  #other(name: Name, value: object, levels: number): void {
    if (value instanceof ObjectId) this.#blob(0x07, name, value.id);
    else if (value instanceof Timestamp) this.#int64(0x11, name, value.toBigInt());
    else if (value instanceof Long) this.#int64(0x12, name, value.toBigInt());
    else if (value instanceof Binary) {
      this.#head(0x05, name);
      this.#at = this.#bytes.writeInt32LE(value.length(), this.#at);
      this.#bytes[this.#at++] = value.sub_type;
      this.#copy(value.value());
    } else if (value instanceof Decimal128) this.#blob(0x13, name, value.bytes);
    else if (value instanceof BSONRegExp) {
      this.#head(0x0b, name);
      this.#text(value.pattern);
      this.#text(value.options);
    } else if (value instanceof Raw) {
      this.#head(value.type, name);
      this.#reserve(value.bytes.length);
      this.#at += this.#bytes.write(value.bytes, this.#at, 'latin1');
    } else if (value instanceof MinKey) this.#head(0xff, name);
    else if ('_bsontype' in value) this.#head(0x7f, name);
    else {
      this.#head(0x03, name);
      this.container(value, levels - 1);
    }
  }

  /** A plain number is an int when possible. */
  #number(name: Name, value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) this.#int32(name, value);
    else this.#double(name, value);
  }

  #int32(name: Name, value: number): void {
    this.#head(0x10, name);
    this.#put(value, this.#at);
    this.#at += 4;
  }

  #double(name: Name, value: number): void {
    this.#head(0x01, name);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  #int64(type: number, name: Name, value: bigint): void {
    this.#head(type, name);
    this.#at = this.#bytes.writeBigInt64LE(BigInt.asIntN(64, value), this.#at);
  }

  #blob(type: number, name: Name, bytes: Uint8Array): void {
    this.#head(type, name);
    this.#copy(bytes);
  }

  #copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }
}

const elementsOf = (value: object): Iterable<[Name, unknown]> =>
  value instanceof Map || Array.isArray(value) ? value.entries() : Object.entries(value);

const isContainer = (value: unknown): value is object =>
  value instanceof Map ||
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);
