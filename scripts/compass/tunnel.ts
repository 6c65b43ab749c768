import { BSON, type Document } from 'mongodb';
import type { RawData, WebSocket } from 'ws';
import { Framer, type Message, parse, reply } from '../engine/wire.ts';

/** More connections than Compass ever opens. */
const MAX_STREAMS = 100;

/**
 * The address that Compass is told. It is made up, so that the browser does not learn the database's
 * address or password.
 */
export const ADDRESS = { host: 'mongo.invalid', port: 27017 } as const;

/** A frame's header: source, target, and the number of bytes that follow. `v` is 1, or -1 for the end of the stream. */
interface Header {
  v: number;
  sa: string;
  sp: number;
  da: string;
  dp: number;
  sz: number;
}

/** Answers a message. Throws when the bytes are no message. */
export type Answer = (message: Message) => Promise<Uint8Array>;

/**
 * Compass's connections, all in one WebSocket. Each message is a frame: a BSON header, then a piece of the byte stream that a connection
 * to a Mongo would carry. A frame cannot choose its target: there is one, and a frame to another address is refused.
 */
export class Tunnel {
  readonly #socket: WebSocket;
  readonly #answer: Answer;
  readonly #streams = new Map<number, Framer>();
  #replies = 0;

  constructor(socket: WebSocket, answer: Answer) {
    this.#socket = socket;
    this.#answer = answer;
    // ws closes the socket by itself; without a listener the error would end the process.
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => this.#onFrame(data, isBinary));
    socket.on('close', () => this.#streams.clear());
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    const frame = isBinary ? readFrame(data as Buffer) : undefined;
    if (!frame) {
      this.#socket.close(1002, 'not a frame');
      return;
    }
    const { header, payload } = frame;
    if (header.v === -1) this.#streams.delete(header.sp);
    else if (header.da !== ADDRESS.host || header.dp !== ADDRESS.port)
      this.#end(header, `${header.da}:${header.dp} is not the database of this page`);
    else this.#onBytes(header, payload);
  }

  #onBytes(header: Header, payload: Buffer): void {
    let stream = this.#streams.get(header.sp);
    if (!stream) {
      if (this.#streams.size >= MAX_STREAMS) {
        this.#end(header, 'too many connections');
        return;
      }
      stream = new Framer();
      this.#streams.set(header.sp, stream);
    }
    try {
      for (const bytes of stream.push(payload)) this.#onMessage(header, stream, parse(bytes));
    } catch (error) {
      this.#end(header, (error as Error).message);
    }
  }

  #onMessage(header: Header, stream: Framer, message: Message): void {
    this.#answer(message).then(
      (document) => {
        // The connection was closed meanwhile, or its number is used again: drop the answer.
        if (message.noReply || this.#streams.get(header.sp) !== stream) return;
        this.#replies = (this.#replies + 1) & 0x7fffffff;
        this.#send(header, reply(message, document, this.#replies));
      },
      (error) => this.#end(header, error.message),
    );
  }

  #send({ sa, sp }: Header, payload: Buffer): void {
    const header = BSON.serialize({
      v: 1,
      sa: ADDRESS.host,
      sp: ADDRESS.port,
      da: sa,
      dp: sp,
      sz: payload.length,
    });
    this.#socket.send(Buffer.concat([header, payload]));
  }

  /** Ends one connection and says why; the others go on. */
  #end({ sa, sp, da, dp }: Header, why: string): void {
    this.#streams.delete(sp);
    this.#socket.send(BSON.serialize({ v: -1, sa: da, sp: dp, da: sa, dp: sp, sz: 0, er: why }));
  }
}

function readFrame(bytes: Buffer): { header: Header; payload: Buffer } | undefined {
  if (bytes.length < 5) return undefined;
  const size = bytes.readInt32LE(0);
  if (size < 5 || size > bytes.length) return undefined;
  try {
    const header = BSON.deserialize(bytes.subarray(0, size));
    const payload = bytes.subarray(size);
    return isHeader(header) && header.sz === payload.length ? { header, payload } : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(header: Document): header is Header {
  const { v, sa, sp, da, dp } = header;
  const texts = typeof sa === 'string' && typeof da === 'string';
  return (v === 1 || v === -1) && texts && Number.isInteger(sp) && Number.isInteger(dp);
}
