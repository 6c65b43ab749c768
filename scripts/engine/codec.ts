import type { Document } from 'bson';
import { Reader } from './bson-reader.ts';
import { Raw, Writer } from './bson-writer.ts';
import { CommandError } from './errors.ts';
import type { Steps } from './turns.ts';
import type { Doc, Value } from './values.ts';

/** The largest document a client may store, in bytes (MongoDB manual, "MongoDB Limits and Thresholds"). */
export const MAX_DOCUMENT = 16 * 1024 * 1024;
/** The largest reply: it may add 16 KiB to a document of that size (MongoDB source, BSONObjMaxInternalSize). */
const MAX_WRITTEN = MAX_DOCUMENT + 16 * 1024;
/** How many values are read in one step. */
const SLICE = 1000;

/**
 * Reads one BSON document that fills `bytes`.
 * @throws {CommandError} for what the engine cannot hold: deprecated types, dates beyond JavaScript's, depth
 * @throws {Error} for broken BSON
 */
export function decode(bytes: Buffer): Doc {
  const reader = new Reader(bytes);
  while (!reader.read(SLICE));
  return reader.document;
}

/** The same in steps. */
export function* decodeInSteps(bytes: Buffer): Steps<Doc> {
  const reader = new Reader(bytes);
  while (!reader.read(SLICE)) yield;
  return reader.document;
}

/** For documents that are written at once: it is reset for each. */
const writer = new Writer(64 * 1024);

function write(document: Doc | Document, levels = Number.POSITIVE_INFINITY): Buffer {
  writer.reset(1024 * 1024);
  writer.container(document, levels);
  return checked(writer.written);
}

function checked(bytes: Buffer): Buffer {
  if (bytes.length <= MAX_WRITTEN) return bytes;
  throw new CommandError(
    10334,
    `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${MAX_WRITTEN}(16MB)`,
  );
}

/**
 * Writes a document, or a reply made of plain objects and documents, as BSON.
 * @throws {CommandError} 10334 for a larger document than mongod writes
 */
export const encode = (document: Doc | Document): Buffer => Buffer.from(write(document));

/** The same for a reply that may be long. */
export function* encodeInSteps(reply: Document): Steps<Buffer> {
  const own = new Writer(512);
  yield* own.containerInSteps(reply);
  return checked(own.written);
}

/**
 * A stored document: its BSON, as a text of one character a byte. V8 keeps such a text in its bytes and 16 more; a Uint8Array
 * takes 200 more, and a Map of values seven times the BSON.
 */
export type Packed = string & { readonly packed: unique symbol };

/** `.length` is the size of the BSON. @throws {CommandError} 10334 for a larger one than mongod writes, 15 for deeper nesting than `levels` */
export const pack = (document: Doc | Document, levels?: number): Packed =>
  write(document, levels).toString('latin1') as Packed;

export const unpack = (packed: Packed): Doc => decode(Buffer.from(packed, 'latin1'));

/** The value of its first field, without reading the others. */
export function firstValueOf(packed: Packed): Value {
  const reader = new Reader(Buffer.from(packed, 'latin1'));
  do reader.read(1);
  while (reader.inside);
  return [...reader.document.values()][0] as Value;
}

/** From this size on a document is read in steps. */
const LARGE = 64 * 1024;

export function* unpackInSteps(packed: Packed): Steps<Doc> {
  return yield* decodeInSteps(Buffer.from(packed, 'latin1'));
}

export const isLarge = (packed: Packed): boolean => packed.length > LARGE;

/** A value as BSON, for a reply. */
export function rawOf(value: Value): Raw {
  // A document of one field without a name: its size, the field's type, a NUL, the value, a NUL.
  const bytes = pack(new Map([['', value]]));
  return new Raw(bytes.charCodeAt(4), bytes.slice(6, -1));
}

/** A stored document, for a reply. */
export const rawDocument = (packed: Packed): Raw => new Raw(0x03, packed);

/** The size of a value in an array, in bytes: its type, its position as a text that ends with a NUL, and itself. */
export const elementSize = ({ length }: string, position: number): number =>
  length + 2 + String(position).length;
