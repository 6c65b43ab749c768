import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ownPort } from '../mongo/own-port.ts';
import { type Refused, refusedUri } from '../mongo/refused.ts';

/** A line to a Redis that can be cut: what a check puts between a shop and its Redis. */
export interface Line {
  /** As the Redis's own, with this end's host and port. */
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** The Redis is down: connections break off, new ones get ECONNREFUSED. */
  refuse(): Promise<void>;
  /** It accepts connections and answers nothing. What it is sent meanwhile it never hears. */
  hang(): void;
  /** It is there again. Connections that hung break off, as when a server was started anew. */
  behave(): Promise<void>;
  stop(): Promise<void>;
}

/** Lays a line to the Redis at that address. One that is not there closes its clients' connections. */
export async function layLine(targetUrl: string): Promise<Line> {
  const target = new URL(targetUrl);
  const to = { host: target.hostname.replace(/^\[|\]$/g, ''), port: Number(target.port || 6379) };
  const sockets = new Set<Socket>();
  let connections = 0;
  let hangs = false;
  let refused: Refused | undefined;
  const accept = (client: Socket) => {
    connections++;
    const redis = target.protocol === 'rediss:' ? connectTls({ ...to, servername: to.host }) : connect(to);
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // Either side may break off at any time: 'close' follows, and takes the other along.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('data', (chunk) => {
        if (!hangs) other.write(chunk);
      });
    }
  };
  const server = createServer(accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const breakOff = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server.close(), 'close');
    breakOff();
    await closed;
  };
  const url = new URL(targetUrl);
  // Between the shop and us there is no TLS: it ends here.
  url.href = url.href.replace(/^rediss:/, 'redis:');
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    get connections() {
      return connections;
    },
    refuse: async () => {
      await close();
      refused ??= await ownPort(() => refusedUri(port));
    },
    hang: () => {
      hangs = true;
    },
    behave: async () => {
      if (hangs) breakOff();
      hangs = false;
      await refused?.release();
      refused = undefined;
      if (server.listening) return;
      await ownPort(async () => {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      });
    },
    stop: async () => {
      await refused?.release();
      await close();
    },
  };
}
