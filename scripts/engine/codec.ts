import { isUtf8 } from 'node:buffer';
import {
  Binary,
  BSON,
  BSONRegExp,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  onDemand,
  Timestamp,
} from 'bson';
import { CommandError, notSupported } from './errors.ts';
import type { Doc, Value } from './values.ts';

/** The largest document a client may store, in bytes (MongoDB manual, "MongoDB Limits and Thresholds"). */
export const MAX_DOCUMENT = 16 * 1024 * 1024;
/** The largest reply: what is around documents of that size may have 16 KiB (MongoDB source, BSONObjMaxInternalSize). */
const MAX_WRITTEN = MAX_DOCUMENT + 16 * 1024;
/** How deep documents may nest; a command wraps its documents, hence mongod's 200 rather than the manual's 100. */
const MAX_DEPTH = 200;
/** Milliseconds either side of 1970 that a JavaScript Date can hold (ECMAScript, "Time Values"). */
const MAX_DATE = 8_640_000_000_000_000n;

/**
 * Reads one BSON document (bsonspec.org) that fills `bytes`. `bson.deserialize` would do it into plain objects, which
 * lose the order of number-like keys.
 * @throws {CommandError} for what the engine does not hold: deprecated types, dates beyond JavaScript's, depth
 * @throws {Error} for broken BSON
 */
export function decode(bytes: Buffer): Doc {
  if (bytes.length < 5 || bytes.readInt32LE(0) !== bytes.length) throw new Error('BSON size mismatch');
  return readDocument(bytes, 0, 1);
}

/**
 * Writes a document, or a reply made of plain objects and documents, as BSON.
 * @throws {CommandError} 10334 for more than mongod writes
 */
export function encode(document: Doc | Document): Uint8Array {
  try {
    const bytes = BSON.serialize(document);
    // Beyond the 17 MiB of its buffer bson throws, or cuts a text off without a word.
    if (bytes.length <= MAX_WRITTEN) return bytes;
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.includes('offset')) throw error;
  }
  throw new CommandError(
    10334,
    `BSONObj size: ${BSON.calculateObjectSize(document)} is invalid. Size must be between 0 and ${MAX_WRITTEN}(16MB)`,
  );
}

/**
 * A document at rest: its BSON, as a text of one character a byte. V8 keeps such a text in its bytes and 16 more; a Uint8Array
 * takes 200 more, and a Map of values seven times the BSON.
 */
export type Packed = string & { readonly packed: unique symbol };

/** `.length` is the size of the BSON. */
export function pack(document: Doc | Document): Packed {
  const { buffer, byteOffset, byteLength } = encode(document);
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1') as Packed;
}

export const unpack = (packed: Packed): Doc => decode(Buffer.from(packed, 'latin1'));

/** The elements of the document or array at `start`, each as its name and its value. */
function readElements(
  bytes: Buffer,
  start: number,
  depth: number,
  take: (name: string, value: Value) => void,
): void {
  if (depth > MAX_DEPTH) throw new CommandError(15, `BSON nesting deeper than ${MAX_DEPTH} levels`);
  for (const [type, nameAt, nameLength, at, length] of onDemand.parseToElements(bytes, start)) {
    take(utf8(bytes, nameAt, nameAt + nameLength), read(bytes, type, at, length, depth));
  }
}

function readDocument(bytes: Buffer, start: number, depth: number): Doc {
  const document = new Map<string, Value>();
  let fields = 0;
  readElements(bytes, start, depth, (name, value) => {
    document.set(name, value);
    fields++;
  });
  // mongod keeps both.
  if (document.size < fields) throw notSupported('a document that has one field twice');
  return document;
}

function readArray(bytes: Buffer, start: number, depth: number): Value[] {
  const array: Value[] = [];
  readElements(bytes, start, depth, (_position, value) => array.push(value));
  return array;
}

function utf8(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to);
  // Broken UTF-8 decodes to the replacement character: without this check it would be stored changed.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(from, to)))
    throw new Error('BSON string is not UTF-8');
  return text;
}

function read(bytes: Buffer, type: number, at: number, length: number, depth: number): Value {
  switch (type) {
    case 0x01:
      return new Double(bytes.readDoubleLE(at));
    case 0x02:
      if (length < 5 || bytes[at + length - 1] !== 0) throw new Error('BSON string without its end');
      return utf8(bytes, at + 4, at + length - 1);
    case 0x03:
      return readDocument(bytes, at, depth + 1);
    case 0x04:
      return readArray(bytes, at, depth + 1);
    case 0x05:
      return binary(bytes.subarray(at + 4, at + length));
    case 0x07:
      return new ObjectId(Uint8Array.from(bytes.subarray(at, at + 12)));
    case 0x08:
      return boolean(bytes.readUInt8(at));
    case 0x09:
      return date(bytes.readBigInt64LE(at));
    case 0x0a:
      return null;
    case 0x0b:
      return regExp(bytes, at, length);
    case 0x10:
      return new Int32(bytes.readInt32LE(at));
    case 0x11:
      return new Timestamp(bytes.readBigUInt64LE(at));
    case 0x12:
      return Long.fromBigInt(bytes.readBigInt64LE(at));
    case 0x13:
      return new Decimal128(Uint8Array.from(bytes.subarray(at, at + 16)));
    case 0xff:
      return new MinKey();
    case 0x7f:
      return new MaxKey();
    default:
      // 0x06 undefined, 0x0c DBPointer, 0x0d and 0x0f JavaScript, 0x0e symbol: deprecated or code.
      throw notSupported(`BSON type 0x${type.toString(16).padStart(2, '0')}`);
  }
}

function binary(subtypeAndBytes: Buffer): Binary {
  const subtype = subtypeAndBytes.readUInt8(0);
  // Subtype 2 is deprecated and repeats its length inside; nothing writes it today.
  if (subtype === Binary.SUBTYPE_BYTE_ARRAY) throw notSupported('binary subtype 2');
  return new Binary(Uint8Array.from(subtypeAndBytes.subarray(1)), subtype);
}

function boolean(byte: number): boolean {
  if (byte > 1) throw new Error('BSON boolean is neither 0 nor 1');
  return byte === 1;
}

function date(milliseconds: bigint): Date {
  if (milliseconds > MAX_DATE || milliseconds < -MAX_DATE)
    throw notSupported('a date that JavaScript cannot hold');
  return new Date(Number(milliseconds));
}

function regExp(bytes: Buffer, at: number, length: number): BSONRegExp {
  const middle = bytes.indexOf(0, at);
  return new BSONRegExp(utf8(bytes, at, middle), utf8(bytes, middle + 1, at + length - 1));
}
