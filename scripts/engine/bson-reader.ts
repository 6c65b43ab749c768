import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { fieldName, utf8 } from './bson-text.ts';
import { CommandError, notSupported } from './errors.ts';
import type { Doc, Value } from './values.ts';

/** How deep documents may nest; a command wraps its documents, hence mongod's 200 rather than the manual's 100. */
const MAX_DEPTH = 200;
/** Milliseconds either side of 1970 that a JavaScript Date can hold (ECMAScript, "Time Values"). */
const MAX_DATE = 8_640_000_000_000_000;

/** The types that the engine lacks: deprecated ones, and code (bsonspec.org). */
const LACKING = new Map([
  [0x06, 'the BSON type undefined'],
  [0x0c, 'the BSON type DBPointer'],
  [0x0d, 'JavaScript code'],
  [0x0e, 'the BSON type symbol'],
  [0x0f, 'JavaScript code with its scope'],
]);
/** The options that bson accepts; mongod stores any. */
const REGEXP_OPTIONS = /^[ilmsux]*$/;

const broken = (why: string) => new Error(`BSON ${why}`);

/**
 * Reads one BSON document (bsonspec.org) value by value, so that a large one can be read in pieces. Documents become Maps: plain objects would
 * lose the order of number-like keys.
 */
export class Reader {
  readonly #bytes: Buffer;
  readonly #document = new Map<string, Value>();
  /** The documents and arrays around the next value, the innermost last, and where each of them ends. */
  readonly #open: (Map<string, Value> | Value[])[] = [this.#document];
  readonly #ends: number[];
  #at = 4;

  /** @throws {Error} when the document does not fill `bytes` */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    if (bytes.length < 5 || bytes.readInt32LE(0) !== bytes.length) throw broken('size mismatch');
    this.#ends = [bytes.length];
  }

  /** The whole document, once `read` has returned true. */
  get document(): Doc {
    return this.#document;
  }

  /** Whether the last value that was read is, or is in, a document or an array that is not whole yet. */
  get inside(): boolean {
    return this.#open.length > 1;
  }

  /**
   * Reads at most `count` values. True when the document is whole.
   * @throws {CommandError} 238 for what the engine cannot hold (deprecated types, dates beyond JavaScript's, a field twice), 15 for depth
   * @throws {Error} for broken BSON
   */
  read(count: number): boolean {
    for (let left = count; left > 0; left--) {
      const type = this.#bytes[this.#at++];
      if (type === 0) {
        if (this.#at !== this.#ends.pop()) throw broken('document that ends too early');
        this.#open.pop();
        if (this.#open.length === 0) return true;
      } else if (type === undefined) throw broken('document without its end');
      else this.#element(type);
    }
    return false;
  }

  #element(type: number): void {
    const into = this.#open[this.#open.length - 1];
    const end = this.#ends[this.#ends.length - 1] as number;
    const nameAt = this.#at;
    this.#at = this.#afterText(nameAt, end);
    const name = into instanceof Map ? fieldName(this.#bytes, nameAt, this.#at - 1) : undefined;
    const value = type === 0x03 || type === 0x04 ? this.#container(type, end) : this.#scalar(type, end);
    if (name === undefined) {
      (into as Value[]).push(value);
      return;
    }
    const document = into as Map<string, Value>;
    const before = document.size;
    // mongod keeps both fields.
    if (document.set(name, value).size === before) throw notSupported('a document that has one field twice');
  }

  /** The position after the next NUL. Before `end` there is one more NUL, the document's own. */
  #afterText(from: number, end: number): number {
    let at = from;
    while (at < end && this.#bytes[at] !== 0) at++;
    if (at >= end - 1) throw broken('text without its end');
    return at + 1;
  }

  /** Skips `length` bytes, which must end before the document's NUL, and returns where they begin. */
  #take(length: number, end: number): number {
    const at = this.#at;
    if (length < 0 || at + length >= end) throw broken('value beyond its document');
    this.#at = at + length;
    return at;
  }

  /** Reads a size, then skips that many bytes and `more`. */
  #takeSized(more: number, end: number): number {
    const size = this.#bytes.readInt32LE(this.#take(4, end));
    return this.#take(size < 0 ? -1 : size + more, end);
  }

  #container(type: number, end: number): Map<string, Value> | Value[] {
    const start = this.#take(4, end);
    const size = this.#bytes.readInt32LE(start);
    if (size < 5 || start + size >= end) throw broken('document beyond its document');
    if (this.#open.length >= MAX_DEPTH)
      throw new CommandError(15, `BSON nesting deeper than ${MAX_DEPTH} levels`);
    const made = type === 0x03 ? new Map<string, Value>() : [];
    this.#open.push(made);
    this.#ends.push(start + size);
    return made;
  }

  #scalar(type: number, end: number): Value {
    const bytes = this.#bytes;
    switch (type) {
      case 0x01:
        return new Double(bytes.readDoubleLE(this.#take(8, end)));
      case 0x02:
        return this.#string(end);
      case 0x05:
        return this.#binary(end);
      case 0x07:
        return new ObjectId(this.#copied(12, end));
      case 0x08: {
        const byte = bytes[this.#take(1, end)] as number;
        if (byte > 1) throw broken('boolean is neither 0 nor 1');
        return byte === 1;
      }
      case 0x09:
        return this.#date(end);
      case 0x0a:
        return null;
      case 0x0b:
        return this.#regExp(end);
      case 0x10:
        return new Int32(bytes.readInt32LE(this.#take(4, end)));
      case 0x11:
        return new Timestamp(bytes.readBigUInt64LE(this.#take(8, end)));
      case 0x12: {
        const at = this.#take(8, end);
        return new Long(bytes.readInt32LE(at), bytes.readInt32LE(at + 4));
      }
      case 0x13:
        return new Decimal128(this.#copied(16, end));
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      default:
        throw LACKING.has(type) ? notSupported(LACKING.get(type) as string) : broken(`type ${type}`);
    }
  }

  #copied(length: number, end: number): Uint8Array {
    const at = this.#take(length, end);
    return Uint8Array.prototype.slice.call(this.#bytes, at, at + length);
  }

  #string(end: number): string {
    const at = this.#takeSized(0, end);
    if (at === this.#at || this.#bytes[this.#at - 1] !== 0) throw broken('string without its end');
    return utf8(this.#bytes, at, this.#at - 1);
  }

  #binary(end: number): Binary {
    const at = this.#takeSized(1, end);
    const subtype = this.#bytes[at] as number;
    // Subtype 2 is deprecated and repeats its length inside; nothing writes it today.
    if (subtype === Binary.SUBTYPE_BYTE_ARRAY) throw notSupported('binary subtype 2');
    return new Binary(Uint8Array.prototype.slice.call(this.#bytes, at + 1, this.#at), subtype);
  }

  #date(end: number): Date {
    const at = this.#take(8, end);
    const milliseconds = this.#bytes.readInt32LE(at + 4) * 2 ** 32 + this.#bytes.readUInt32LE(at);
    if (Math.abs(milliseconds) > MAX_DATE) throw notSupported('a date that JavaScript cannot hold');
    return new Date(milliseconds);
  }

  #regExp(end: number): BSONRegExp {
    const [from, middle] = [this.#at, this.#afterText(this.#at, end)];
    this.#at = this.#afterText(middle, end);
    const options = utf8(this.#bytes, middle, this.#at - 1);
    if (!REGEXP_OPTIONS.test(options)) throw notSupported(`the regular expression options '${options}'`);
    return new BSONRegExp(utf8(this.#bytes, from, middle - 1), options);
  }
}
