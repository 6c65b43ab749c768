/** The largest message, in bytes: what `hello` tells drivers as maxMessageSizeBytes (MongoDB source, MaxMessageSizeBytes). */
export const MAX_MESSAGE = 48_000_000;
const HEADER = 16;

/** Opcodes (MongoDB manual, "MongoDB Wire Protocol"). */
const OP_REPLY = 1;
const OP_QUERY = 2004;
export const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Bits 0 to 15 are required: an unknown set bit makes the message unreadable. Of the others only exhaustAllowed exists. */
const REQUIRED_FLAGS = 0xffff;

/** A received command, its documents still BSON. */
export interface Message {
  readonly requestId: number;
  readonly legacy: boolean;
  /** Whether the client set moreToCome, and reads no reply. */
  readonly noReply: boolean;
  readonly body: Buffer;
  /** Arrays of documents sent beside the body, joined, by the field they belong to (`documents`, `updates`, `deletes`). */
  readonly sequences: ReadonlyMap<string, Buffer>;
}

/** Cuts a byte stream into whole messages, also when the network split them. Chunks are joined once a message is complete. */
export class Framer {
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = HEADER;

  /** The bytes of the incomplete message. After an error: the stream from the place where it can no longer be cut. */
  get rest(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Adds a chunk and yields the messages it completes. @throws {Error} for an invalid length, after yielding the messages before it */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= this.#needed) {
      const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      const size = bytes.readInt32LE(0);
      if (size < HEADER || size > MAX_MESSAGE) throw new Error(`message length ${size}`);
      const whole = bytes.length >= size;
      const rest = whole ? bytes.subarray(size) : bytes;
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#length = rest.length;
      this.#needed = whole ? HEADER : size;
      if (whole) yield bytes.subarray(0, size);
    }
  }
}

/** The document at `at`, which must end before `end`. The decoder checks its contents. */
function documentAt(bytes: Buffer, at: number, end: number): Buffer {
  if (at + 5 > end) throw new Error('document beyond its message');
  const size = bytes.readInt32LE(at);
  if (size < 5 || at + size > end) throw new Error(`document length ${size}`);
  return bytes.subarray(at, at + size);
}

function afterText(bytes: Buffer, at: number, end: number): number {
  const stop = bytes.indexOf(0, at);
  if (stop < 0 || stop >= end) throw new Error('text without its end');
  return stop + 1;
}

/** Section kind 1: a size, a field's name, documents up to the size. */
function sequenceAt(bytes: Buffer, at: number, end: number): { name: string; documents: Buffer } {
  const from = afterText(bytes, at + 4, end);
  return { name: bytes.toString('utf8', at + 4, from - 1), documents: bytes.subarray(from, end) };
}

/** The documents of a sequence. There may be millions. @throws {Error} when one does not end in it */
export function* documentsIn(sequence: Buffer): Generator<Buffer> {
  for (let at = 0; at < sequence.length; ) {
    const document = documentAt(sequence, at, sequence.length);
    yield document;
    at += document.length;
  }
}

function parseMsg(bytes: Buffer): Message {
  const flags = bytes.readUInt32LE(HEADER);
  // Checksums are optional and no client of this workshop sends them, so they are refused.
  if (flags & REQUIRED_FLAGS & ~MORE_TO_COME) {
    throw new Error(flags & CHECKSUM_PRESENT ? 'message with a checksum' : `message flags ${flags}`);
  }
  let body: Buffer | undefined;
  const sequences = new Map<string, Buffer>();
  for (let at = HEADER + 4; at < bytes.length; ) {
    const kind = bytes.readUInt8(at++);
    const size = bytes.readInt32LE(at);
    const end = at + size;
    if (size < 5 || end > bytes.length) throw new Error(`section length ${size}`);
    if (kind === 0 && body === undefined) {
      body = bytes.subarray(at, end);
    } else if (kind === 1) {
      const { name, documents } = sequenceAt(bytes, at, end);
      if (sequences.has(name)) throw new Error(`two sequences ${name}`);
      sequences.set(name, documents);
    } else {
      throw new Error(`section kind ${kind}`);
    }
    at = end;
  }
  if (body === undefined) throw new Error('message without a body');
  const noReply = (flags & MORE_TO_COME) !== 0;
  return { requestId: bytes.readInt32LE(4), legacy: false, noReply, body, sequences };
}

/** OP_QUERY: flags, collection name, skip, limit, query. Drivers still open a connection with it. */
function parseQuery(bytes: Buffer): Message {
  const at = afterText(bytes, HEADER + 4, bytes.length) + 8;
  const body = documentAt(bytes, at, bytes.length);
  return { requestId: bytes.readInt32LE(4), legacy: true, noReply: false, body, sequences: new Map() };
}

/** Reads one whole message. @throws {Error} when it is not a command this workshop can read */
export function parse(bytes: Buffer): Message {
  const opcode = bytes.readInt32LE(12);
  if (opcode === OP_MSG) return parseMsg(bytes);
  if (opcode === OP_QUERY) return parseQuery(bytes);
  throw new Error(`opcode ${opcode}`);
}

/** The bytes of the answer to `to`: OP_MSG, or OP_REPLY with one document for a legacy query. */
export function reply(
  to: Pick<Message, 'requestId' | 'legacy'>,
  document: Uint8Array,
  responseId: number,
): Buffer {
  const head = Buffer.alloc(to.legacy ? HEADER + 20 : HEADER + 5);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(responseId, 4);
  head.writeInt32LE(to.requestId, 8);
  head.writeInt32LE(to.legacy ? OP_REPLY : OP_MSG, 12);
  if (to.legacy) head.writeInt32LE(1, 32);
  return Buffer.concat([head, document]);
}
