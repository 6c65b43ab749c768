import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Framer } from '../../engine/wire.ts';
import { tapped } from '../recording.ts';

/** A deployment that is there a moment late. */
export interface Late {
  /** mongodb://127.0.0.1:PORT/ */
  readonly uri: string;
  close(): Promise<void>;
}

/** How many log-ins fail before it is ready. More than one: whoever tries twice, and no more, has only been lucky elsewhere. */
const EARLY = 2;

/**
 * Stands in front of the Mongo at `targetUri` like a server that is still starting: it greets, and breaks off the first connections of each
 * `appName` that want to log in. Counting them instead of seconds makes a slow machine see the same as a fast one; and a new `appName` sees
 * it start once more.
 */
export async function startLate(targetUri: string): Promise<Late> {
  const { hostname, port } = new URL(targetUri);
  const early = new Map<string, number>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    // A client that goes away in the middle is no event; 'close' follows.
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = createServer((caller) => {
    keep(caller);
    const framer = new Framer();
    const received: Buffer[] = [];
    const greet = (chunk: Buffer) => {
      received.push(chunk);
      const greeting = greetingIn(framer, chunk);
      if (!greeting) return;
      caller.off('data', greet);
      const { saslSupportedMechs, speculativeAuthenticate, client } = greeting;
      const name = client?.application?.name ?? '';
      const before = early.get(name) ?? 0;
      if ((saslSupportedMechs || speculativeAuthenticate) && before < EARLY) {
        early.set(name, before + 1);
        caller.destroy();
        return;
      }
      const target = connect(Number(port), hostname);
      keep(target);
      caller.on('close', () => target.destroy());
      target.on('close', () => caller.destroy());
      target.write(Buffer.concat(received));
      caller.pipe(target).pipe(caller);
    };
    caller.on('data', greet);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What of a driver's greeting is looked at (MongoDB specifications, "MongoDB Handshake"): only who logs in sends the last two. */
interface Greeting {
  readonly client?: { readonly application?: { readonly name?: string } };
  readonly saslSupportedMechs?: string;
  readonly speculativeAuthenticate?: object;
}

/** A driver's greeting; undefined while it is not whole, empty when it is none. */
function greetingIn(framer: Framer, chunk: Buffer): Greeting | undefined {
  try {
    const [bytes] = framer.push(chunk);
    return bytes && tapped(bytes).body;
  } catch {
    // No driver: let the Mongo behind say so.
    return {};
  }
}
