import { onDemand } from 'bson';
import { decode, encode } from '../engine/codec.ts';
import { Framer, OP_MSG, parse, reply } from '../engine/wire.ts';
import type { TappedCommand } from './recording.ts';

const HELLO = new Set(['hello', 'isMaster', 'ismaster']);
/** Where the one document of an OP_REPLY begins, in bytes (MongoDB manual, "Legacy Opcodes"). */
const OP_REPLY_DOCUMENT = 36;
const OP_MSG_DOCUMENT = 21;

/** A message whose body lacks one field; every other byte is as it came. */
function withoutField(bytes: Buffer, field: string): Buffer {
  const { body } = parse(bytes);
  const start = body.byteOffset - bytes.byteOffset;
  for (const [, nameAt, nameLength, at, length] of onDemand.parseToElements(body)) {
    if (body.toString('utf8', nameAt, nameAt + nameLength) !== field) continue;
    // An element is its type in one byte, its name and its value (bsonspec.org).
    const rest = [bytes.subarray(0, start + nameAt - 1), bytes.subarray(start + at + length)];
    const whole = Buffer.concat(rest);
    whole.writeInt32LE(whole.length, 0);
    whole.writeInt32LE(body.length - (bytes.length - whole.length), start);
    return whole;
  }
  return bytes;
}

/**
 * One connection of a standalone server that poses as the only member of a replica set, so that drivers send it transaction numbers
 * with their writes. It is honest as far as a retry goes whose first try never reached the server, which is the only kind a tap brings
 * about; it does not remember writes, so it would carry out twice what was done once and lost its reply.
 */
export class Member {
  readonly #address: string;
  readonly #replies = new Framer();
  /** The message ids of the greetings that await a reply. */
  readonly #greetings = new Set<number>();

  /** `address` is the HOST:PORT it is reached at: a driver leaves for where `hosts` sends it. */
  constructor(address: string) {
    this.#address = address;
  }

  /** What of a client's command goes to the server: no transaction number, which a standalone refuses, unless it belongs to a transaction. */
  request(bytes: Buffer, { name, body }: TappedCommand): Buffer {
    if (HELLO.has(name)) this.#greetings.add(bytes.readInt32LE(4));
    return 'txnNumber' in body && !('autocommit' in body) ? withoutField(bytes, 'txnNumber') : bytes;
  }

  /** What of the server's bytes goes to the client: the same, but for its description of itself. */
  *answers(chunk: Buffer): Generator<Buffer> {
    for (const bytes of this.#replies.push(chunk)) {
      yield this.#greetings.delete(bytes.readInt32LE(8)) ? this.#pose(bytes) : bytes;
    }
  }

  /** (MongoDB manual, "hello", replica set fields.) */
  #pose(bytes: Buffer): Buffer {
    const legacy = bytes.readInt32LE(12) !== OP_MSG;
    const own = decode(bytes.subarray(legacy ? OP_REPLY_DOCUMENT : OP_MSG_DOCUMENT));
    const posed = new Map<string, unknown>([
      ...own,
      ['setName', 'rs0'],
      ['setVersion', 1],
      ['secondary', false],
      ['hosts', [this.#address]],
      ['primary', this.#address],
      ['me', this.#address],
    ]);
    // With it drivers would wait for a stream of descriptions, of which only the first came through here.
    posed.delete('topologyVersion');
    return reply({ requestId: bytes.readInt32LE(8), legacy }, encode(posed), bytes.readInt32LE(4));
  }
}
