import { onDemand } from 'bson';
import { decode, encode } from '../engine/codec.ts';
import { Framer, OP_MSG, parse, reply } from '../engine/wire.ts';
import type { TappedCommand } from './recording.ts';

const HELLO = new Set(['hello', 'isMaster', 'ismaster']);
/** Where the one document of an OP_REPLY begins, in bytes (MongoDB manual, "Legacy Opcodes"). */
const OP_REPLY_DOCUMENT = 36;
const OP_MSG_DOCUMENT = 21;

/** The message without one field of its body. Every other byte is unchanged. */
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
 * One connection to a standalone server that looks like the only member of a replica set, so that drivers send transaction numbers
 * with their writes. It does not remember writes: a retry would run twice if the first try reached the server. The proxy never
 * causes such a retry.
 */
export class ReplicaSetMember {
  readonly #address: string;
  readonly #replies = new Framer();
  /** The message ids of the greetings without a reply yet. */
  readonly #greetings = new Set<number>();

  /** `address` is the proxy's own HOST:PORT: a driver connects to the address in `hosts`. */
  constructor(address: string) {
    this.#address = address;
  }

  /** A client's command for the server, without its transaction number, which a standalone refuses. Transactions keep theirs. */
  request(bytes: Buffer, { name, body }: TappedCommand): Buffer {
    if (HELLO.has(name)) this.#greetings.add(bytes.readInt32LE(4));
    return 'txnNumber' in body && !('autocommit' in body) ? withoutField(bytes, 'txnNumber') : bytes;
  }

  /** The server's replies for the client. Only the description of itself is changed. */
  *answers(chunk: Buffer): Generator<Buffer> {
    for (const bytes of this.#replies.push(chunk)) {
      yield this.#greetings.delete(bytes.readInt32LE(8)) ? this.#describedAsMember(bytes) : bytes;
    }
  }

  /** Adds the replica set fields (MongoDB manual, "hello"). */
  #describedAsMember(bytes: Buffer): Buffer {
    const legacy = bytes.readInt32LE(12) !== OP_MSG;
    const own = decode(bytes.subarray(legacy ? OP_REPLY_DOCUMENT : OP_MSG_DOCUMENT));
    const description = new Map<string, unknown>([
      ...own,
      ['setName', 'rs0'],
      ['setVersion', 1],
      ['secondary', false],
      ['hosts', [this.#address]],
      ['primary', this.#address],
      ['me', this.#address],
    ]);
    // With it, drivers would wait for a stream of descriptions. Only the first one would be changed here.
    description.delete('topologyVersion');
    return reply({ requestId: bytes.readInt32LE(8), legacy }, encode(description), bytes.readInt32LE(4));
  }
}
