import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Framer } from '../engine/wire.ts';
import { tapped } from '../mongo/recording.ts';

/** A proxy in front of a Mongo that lets `update` commands arrive late. */
export interface LateWrites {
  /** mongodb://127.0.0.1:PORT/ */
  readonly uri: string;
  /** The delay from now on, in milliseconds. */
  late: number;
  stop(): Promise<void>;
}

/**
 * Starts the proxy on a free port. Reads pass at once. In practice a write is slower than a read because of a new connection in the
 * pool, a lock, a disk, or a distant primary.
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
