import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ReopenablePort } from '../mongo/reopenable-port.ts';
import { commandReader } from './commands.ts';

/** A proxy between a shop and its Redis, or any other server that a URL names, which plays outages. */
export interface RedisProxy {
  /** The URL of the server, with the host and port of the proxy. */
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
  /** How often the server has answered: the number of round trips, when they come one after another. */
  readonly turns: number;
  /**
   * The Redis is down: connections end, new ones get ECONNREFUSED.
   * @param how `reset`, as when its machine is gone, or `closed`, as when it was stopped
   */
  refuse(how?: 'reset' | 'closed'): Promise<void>;
  /** It accepts connections and answers nothing. Commands that arrive meanwhile are lost. */
  hang(): void;
  /** All connections end; new ones are accepted. A firewall or a restart of the server has this effect. */
  drop(): void;
  /** It works again. Connections that hung end, as after a restart of the server. */
  behave(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Is called for each command of a client when Redis has answered it.
 * @param ms from the command's arrival at the proxy to the answer
 * @param reply the first line of the answer: '+OK', ':1', '$-1'; '' when several commands were answered together
 */
export type OnRedisCommand = (words: readonly string[], ms: number, reply: string) => void;

/** Starts a proxy for the server at that URL. When the server is gone, connections end. */
export async function startRedisProxy(targetUrl: string, onCommand?: OnRedisCommand): Promise<RedisProxy> {
  const target = new URL(targetUrl);
  const to = { host: target.hostname.replace(/^\[|\]$/g, ''), port: Number(target.port || 6379) };
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  let connections = 0;
  let turns = 0;
  let hangs = false;
  let ended: 'reset' | 'closed' = 'reset';
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
    for (const socket of sockets) {
      if (ended === 'closed') socket.destroySoon();
      else socket.resetAndDestroy();
    }
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
    refuse: async (how = 'reset') => {
      ended = how;
      await port.refuse();
      ended = 'reset';
    },
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

/** Redis answers commands in order. Commands that wait at the same time are all reported at the first answer. */
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
