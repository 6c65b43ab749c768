import { BSON, type Document } from 'bson';
import { OP_MSG, parse } from '../engine/wire.ts';
import { messageReader } from './message-reader.ts';

/** A larger reply is not decoded, in bytes: knowing that it came is enough. */
const DECODED = 1_000_000;

/** A summary of a Mongo's reply to a command. */
export interface ReplySummary {
  /** From the command's arrival at the proxy to its reply, in milliseconds. */
  readonly ms: number;
  /** How many documents a find or an aggregate returned. */
  readonly found?: number;
  /** How many documents a write matched or inserted. */
  readonly matched?: number;
  /** The error, in the Mongo's words. */
  readonly error?: string;
}

/**
 * Reads the replies on one connection, in chunks as the network brings them.
 * @param replied called with the request ID and the reply's document, which is empty for a very large reply
 */
export function replyReader(replied: (requestId: number, reply: Document) => void): (chunk: Buffer) => void {
  return messageReader((bytes) => {
    const decodes = bytes.readInt32LE(12) === OP_MSG && bytes.length <= DECODED;
    replied(bytes.readInt32LE(8), decodes ? BSON.deserialize(parse(bytes).body) : {});
  });
}

/** A reply in short. @param ms how long it took to come */
export function summaryOf(reply: Document, ms: number): ReplySummary {
  const [failed] = Array.isArray(reply.writeErrors) ? reply.writeErrors : [];
  const error = reply.ok === 0 ? reply.errmsg : failed?.errmsg;
  if (error !== undefined) return { ms, error: String(error) };
  if (Array.isArray(reply.cursor?.firstBatch)) return { ms, found: reply.cursor.firstBatch.length };
  return typeof reply.n === 'number' ? { ms, matched: reply.n } : { ms };
}
