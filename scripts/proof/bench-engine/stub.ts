import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { BSON, Long } from 'bson';
import { Framer, parse, reply } from '../../engine/wire.ts';
import { sessionDocument } from './session.ts';

/** The stub's reply to each command, as bytes: no server that reads its commands can be faster. */
const CANNED = {
  hello: {
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: 1,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  },
  find: { cursor: { firstBatch: [sessionDocument(0)], id: Long.ZERO, ns: 'shop.sessions' }, ok: 1 },
  update: { n: 1, nModified: 1, ok: 1 },
  ping: { ok: 1 },
  endSessions: { ok: 1 },
};
const ANSWERS = new Map(Object.entries(CANNED).map(([name, answer]) => [name, BSON.serialize(answer)]));
const HELLO = ANSWERS.get('hello') as Uint8Array;

export interface Stub {
  readonly uri: string;
  stop(): Promise<void>;
}

/** A server that answers the driver from canned bytes, to compare the engine with. */
export async function startStub(): Promise<Stub> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const framer = new Framer();
    socket.on('data', (chunk: Buffer) => {
      for (const bytes of framer.push(chunk)) {
        const message = parse(bytes);
        socket.write(reply(message, ANSWERS.get(nameOf(message.body)) ?? HELLO, 1));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A command's name is its first field: it follows the document's size and the field's type. */
const nameOf = (body: Buffer) => body.toString('latin1', 5, body.indexOf(0, 5));
