import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Framer } from './embedded/wire.ts';
import { Recording, type TappedCommand, tapped } from './recording.ts';

/** A wire tap: a proxy in front of a Mongo that records which commands pass and changes nothing. */
export interface Tap {
  /** mongodb://127.0.0.1:PORT/ */
  readonly uri: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /**
   * The commands since the last `forget`, oldest first: those of one name, or all but the driver's own chatter. A message that cannot
   * be read is listed as UNREADABLE, so that "nothing was written" is never concluded from what the tap did not understand.
   */
  commands(name?: string): readonly TappedCommand[];
  /** The first command of that name since the last `forget`. @throws {Error} naming it when none came within so many milliseconds */
  seen(name: string, withinMs: number): Promise<TappedCommand>;
  /** Starts a fresh record. */
  forget(): void;
  stop(): Promise<void>;
}

export type { TappedCommand } from './recording.ts';
export { type Refused, refusedUri } from './refused.ts';

export const UNREADABLE = '(unreadable)';

/** Puts a tap in front of the Mongo at `targetUri` (mongodb://HOST:PORT/), on a free port. A target that is gone closes its clients' connections. */
export async function startTap(targetUri: string): Promise<Tap> {
  const { hostname, port } = new URL(targetUri);
  const recording = new Recording();
  const sockets = new Set<Socket>();
  let connections = 0;
  // Half open: a side that has said its last word still gets the answer to it.
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    connections++;
    const target = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // Either side may break off at any time; 'close' follows and takes the other along.
      socket.on('error', () => {});
    }
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroySoon());
    // Listening before the pipe does: a command is on record before the server has it, so also before its reply.
    record(client, recording);
    client.pipe(target);
    target.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get connections() {
      return connections;
    },
    commands: (name) => recording.commands(name),
    seen: (name, withinMs) => recording.seen(name, withinMs),
    forget: () => recording.forget(),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

function record(client: Socket, recording: Recording): void {
  const framer = new Framer();
  const listen = (chunk: Buffer) => {
    try {
      for (const message of framer.push(chunk)) recording.add(tapped(message));
    } catch {
      // What follows broken bytes cannot be told apart any more; forwarding goes on.
      client.off('data', listen);
      recording.add({ name: UNREADABLE, db: '', body: {}, at: performance.now() });
    }
  };
  client.on('data', listen);
}
