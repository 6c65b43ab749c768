import { BSON, type Document } from 'mongodb';
import { ADDRESS } from './tunnel.ts';

/** A command as a driver sends it: OP_MSG with one section. */
export function message(command: Document): Buffer {
  const body = BSON.serialize(command);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

/** A frame from Compass's connection number `sp`, with some fields changed. */
export function frame(sp: number, payload: Uint8Array, differing: Document = {}): Buffer {
  const header = { v: 1, sa: 'a', sp, da: ADDRESS.host, dp: ADDRESS.port, sz: payload.length, ...differing };
  return Buffer.concat([BSON.serialize(header), payload]);
}

/** A frame's header, and the document of its reply. */
export function opened(bytes: Buffer): { header: Document; document: Document | undefined } {
  const size = bytes.readInt32LE(0);
  const header = BSON.deserialize(bytes.subarray(0, size));
  const document = bytes.length > size ? BSON.deserialize(bytes.subarray(size + 21)) : undefined;
  return { header, document };
}
