import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ReopenablePort } from '../mongo/gate.ts';
import { commandReader } from './commands.ts';

/** A proxy between a shop and its Redis, or any other server that a URL names, which plays outages. */
export interface RedisProxy {
  /** The URL of the server, with the host and port of the proxy. */
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
  /** How often the server has answered what it was sent: the round trips so far, when they come one after another. */
  readonly turns: number;
  /** The Redis is down: connections end, new ones get ECONNREFUSED. */
  refuse(): Promise<void>;
  /** It accepts connections and answers nothing. Commands that arrive meanwhile are lost. */
  hang(): void;
  /** All connections end; new ones are accepted. A firewall does so, or a server that is started again. */
  drop(): void;
  /** It works again. Connections that hung end, as after a restart of the server. */
  behave(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Is told each command of a client of a Redis when it has been answered.
 * @param ms from the command's arrival at the proxy to the answer
 * @param reply the first line of the answer, as Redis sends it: '+OK', ':1', '$-1'
 */
export type OnRedisCommand = (words: readonly string[], ms: number, reply: string) => void;

/** Starts a proxy for the server at that address. When the server is gone, connections end. */
export async function startRedisProxy(targetUrl: string, onCommand?: OnRedisCommand): Promise<RedisProxy> {
  const target = new URL(targetUrl);
  const to = { host: target.hostname.replace(/^\[|\]$/g, ''), port: Number(target.port || 6379) };
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  let connections = 0;
  let turns = 0;
  let hangs = false;
  const accept = (client: Socket) => {
    connections++;
    clients.add(client);
    client.once('close', () => clients.delete(client));
    let isAsked = false;
    const redis = target.protocol === 'rediss:' ? connectTls({ ...to, servername: to.host }) : connect(to);
    if (onCommand) watchCommands(client, redis, onCommand);
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // 'close' follows every error and ends the other side.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('data', (chunk) => {
        if (hangs) return;
        if (socket === client) isAsked = true;
        else if (isAsked) {
          turns++;
          isAsked = false;
        }
        other.write(chunk);
      });
    }
  };
  const breakOff = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const port = await ReopenablePort.listen(createServer(accept), breakOff);
  const url = new URL(targetUrl);
  // TLS ends here: the shop connects without it.
  url.href = url.href.replace(/^rediss:/, 'redis:');
  url.host = `127.0.0.1:${port.port}`;
  return {
    url: url.href,
    get connections() {
      return connections;
    },
    get open() {
      return clients.size;
    },
    get turns() {
      return turns;
    },
    refuse: () => port.refuse(),
    hang: () => {
      hangs = true;
    },
    drop: breakOff,
    behave: async () => {
      if (hangs) breakOff();
      hangs = false;
      await port.reopen();
    },
    stop: () => port.stop(),
  };
}

/** Commands are answered in their order. Several that wait at once are answered together, as far as is told here. */
function watchCommands(client: Socket, redis: Socket, onCommand: OnRedisCommand): void {
  let open: { readonly words: string[]; readonly at: number }[] = [];
  const read = commandReader((words) => open.push({ words, at: performance.now() }));
  client.on('data', read);
  redis.on('data', (chunk: Buffer) => {
    const [reply = ''] = chunk.toString('utf8', 0, 200).split('\r\n');
    const answered = open;
    open = [];
    for (const { words, at } of answered)
      onCommand(words, performance.now() - at, answered.length === 1 ? reply : '');
  });
}
