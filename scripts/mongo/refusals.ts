import { BSON, type Document } from 'bson';
import { OP_MSG, parse } from '../engine/wire.ts';
import { messageReader } from './message-reader.ts';

/** mongod's code NotImplemented: the embedded engine uses it to refuse what only a real mongod has. */
const NOT_IMPLEMENTED = 238;
/** How the embedded engine's refusals end: replies without it need not be decoded. */
const WORDS = ' is not supported by the embedded engine';

/**
 * Reads the replies of one connection to the embedded engine, in chunks as the network brings them.
 * @param refused called with each thing that the engine lacks, in the engine's words: "the pipeline stage $facet"
 */
export function refusalReader(refused: (what: string) => void): (chunk: Buffer) => void {
  return messageReader((bytes) => {
    if (bytes.includes(WORDS) && bytes.readInt32LE(12) === OP_MSG) refusalsIn(bytes).forEach(refused);
  });
}

/** A reply is an error, or has errors for some writes of a batch. Found documents are not searched: they are data. */
function refusalsIn(bytes: Buffer): string[] {
  const reply = BSON.deserialize(parse(bytes).body);
  const errors: Document[] = [reply, ...(Array.isArray(reply.writeErrors) ? reply.writeErrors : [])];
  return errors
    .filter(({ code, errmsg }) => code === NOT_IMPLEMENTED && String(errmsg).includes(WORDS))
    .map(({ errmsg }) => errmsg.slice(0, errmsg.indexOf(WORDS)));
}
