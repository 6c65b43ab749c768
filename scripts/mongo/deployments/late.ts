import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Framer } from '../../engine/wire.ts';
import { tapped } from '../recording.ts';

/** A deployment that is ready only after a few log-ins have failed. */
export interface LateDeployment {
  /** mongodb://127.0.0.1:PORT/ */
  readonly uri: string;
  close(): Promise<void>;
}

/** How many log-ins of an `appName` fail. Two, so that an answer with a single retry fails as well. */
const FAILED_LOGINS = 2;

/**
 * A proxy in front of the Mongo at `targetUri` that behaves like a server which is still starting: it closes the first connections
 * of each `appName` that log in. It counts connections, not seconds, so that it does the same on a slow machine.
 */
export async function startLate(targetUri: string): Promise<LateDeployment> {
  const { hostname, port } = new URL(targetUri);
  const failed = new Map<string, number>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    // 'close' follows every error.
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
      const before = failed.get(name) ?? 0;
      if ((saslSupportedMechs || speculativeAuthenticate) && before < FAILED_LOGINS) {
        failed.set(name, before + 1);
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

/** The fields of a driver's greeting that are read here (MongoDB specifications, "MongoDB Handshake"). Only a login has the last two. */
interface Greeting {
  readonly client?: { readonly application?: { readonly name?: string } };
  readonly saslSupportedMechs?: string;
  readonly speculativeAuthenticate?: object;
}

/** A driver's greeting; undefined while it is incomplete, empty when the bytes are something else. */
function greetingIn(framer: Framer, chunk: Buffer): Greeting | undefined {
  try {
    const [bytes] = framer.push(chunk);
    return bytes && tapped(bytes).body;
  } catch {
    // Not a driver. The Mongo behind the proxy answers it.
    return {};
  }
}
