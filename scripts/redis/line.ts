import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Gate } from '../mongo/gate.ts';

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
  const breakOff = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const gate = await Gate.build(createServer(accept), breakOff);
  const url = new URL(targetUrl);
  // Between the shop and us there is no TLS: it ends here.
  url.href = url.href.replace(/^rediss:/, 'redis:');
  url.host = `127.0.0.1:${gate.port}`;
  return {
    url: url.href,
    get connections() {
      return connections;
    },
    refuse: () => gate.refuse(),
    hang: () => {
      hangs = true;
    },
    behave: async () => {
      if (hangs) breakOff();
      hangs = false;
      await gate.letIn();
    },
    stop: () => gate.stop(),
  };
}
