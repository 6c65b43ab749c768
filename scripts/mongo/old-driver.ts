import { BSON } from 'bson';
import { Framer, OP_MSG, parse, reply } from '../engine/wire.ts';

const HEADER = 16;
const OP_QUERY = 2004;
const OP_MSG_DOCUMENT = HEADER + 5;
const COMMANDS = '.$cmd';
/** These a server of today still takes from old drivers. */
const GREETINGS = new Set(['hello', 'isMaster', 'ismaster']);

/**
 * One connection of a driver before 3.3, which sends its commands as OP_QUERY. Servers since MongoDB 5.1 refuse them. Here they
 * become OP_MSG, and the replies OP_REPLY again.
 */
export class OldDriver {
  readonly #replies = new Framer();
  /** The message ids of the translated commands without a reply yet. */
  readonly #asked = new Set<number>();

  /** A client's message as a server of today takes it. */
  request(bytes: Buffer): Buffer {
    if (bytes.readInt32LE(12) !== OP_QUERY) return bytes;
    const name = bytes.toString('utf8', HEADER + 4, bytes.indexOf(0, HEADER + 4));
    if (!name.endsWith(COMMANDS)) return bytes;
    const { requestId, body } = parse(bytes);
    const sent = BSON.deserialize(body, RAW);
    // With a read preference the command is wrapped.
    const command = '$query' in sent ? sent.$query : sent;
    if (GREETINGS.has(Object.keys(command)[0] ?? '')) return bytes;
    this.#asked.add(requestId);
    return message(requestId, { ...command, $db: name.slice(0, -COMMANDS.length) });
  }

  /** The server's replies for the client. */
  *answers(chunk: Buffer): Generator<Buffer> {
    for (const bytes of this.#replies.push(chunk)) yield this.answer(bytes);
  }

  /** One reply for the client. */
  answer(bytes: Buffer): Buffer {
    const requestId = bytes.readInt32LE(8);
    if (bytes.readInt32LE(12) !== OP_MSG || !this.#asked.delete(requestId)) return bytes;
    return reply({ requestId, legacy: true }, bytes.subarray(OP_MSG_DOCUMENT), bytes.readInt32LE(4));
  }
}

/** Keeps the types of numbers: a server refuses a double where it wants an integer. */
const RAW = { promoteValues: false, bsonRegExp: true };

function message(requestId: number, command: BSON.Document): Buffer {
  const body = BSON.serialize(command);
  const head = Buffer.alloc(OP_MSG_DOCUMENT);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(requestId, 4);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}
