import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Framer } from '../engine/wire.ts';
import { tapped } from '../mongo/recording.ts';

/** A proxy in front of a Mongo that lets `update` commands arrive late. */
export interface LateWrites {
  /** mongodb://127.0.0.1:PORT/ */
  readonly uri: string;
  /** How late, in milliseconds, from now on. */
  late: number;
  stop(): Promise<void>;
}

/**
 * Starts it on a free port. Reads pass at once: what makes a write slower than a read in earnest is a new connection in the
 * pool that has to be opened and logged in first, a lock, a disk, or a primary that is further away.
 */
export async function startLateWrites(targetUri: string): Promise<LateWrites> {
  const { hostname: host, port: targetPort } = new URL(targetUri);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ host, port: Number(targetPort), noDelay: true });
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    target.pipe(client);
    const framer = new Framer();
    // A driver sends one command at a time over a connection, so nothing waits behind a late one.
    client.on('data', async (chunk: Buffer) => {
      for (const message of framer.push(chunk)) {
        if (proxy.late > 0 && tapped(message).name === 'update') await setTimeout(proxy.late);
        target.write(message);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: LateWrites = {
    uri: `mongodb://127.0.0.1:${port}/`,
    late: 0,
    stop: async () => {
      const closed = once(server.close(), 'close');
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}
