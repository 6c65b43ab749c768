import { Framer } from '../engine/wire.ts';

/**
 * Cuts the bytes of one connection into messages of the wire protocol, in chunks as the network brings them.
 * @param read called with each message. After an error, of the stream or of `read`, nothing more is read
 */
export function messageReader(read: (message: Buffer) => void): (chunk: Buffer) => void {
  const framer = new Framer();
  let readable = true;
  return (chunk) => {
    if (!readable) return;
    try {
      for (const message of framer.push(chunk)) read(message);
    } catch {
      readable = false;
    }
  };
}
