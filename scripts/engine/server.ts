import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Answering, answerTo, type Refusal } from './answer.ts';
import type { Connection } from './commands/call.ts';
import { VERSION } from './commands/version.ts';
import { Cursors } from './cursors.ts';
import { Users } from './scram.ts';
import { Store } from './store.ts';
import { Framer, type Message, parse, reply } from './wire.ts';

/** How often expired documents and idle cursors go, in milliseconds. mongod takes a minute; nobody in a lesson waits so long. */
const SWEEP_EVERY = 1000;

export interface EmbeddedMongo {
  readonly kind: 'embedded';
  /** The mongod whose behaviour it follows. */
  readonly version: string;
  /** mongodb://HOST:PORT/, without a database. */
  readonly uri: string;
  /** What clients asked for and the engine lacks (error 238), each once, oldest first. */
  readonly refusals: readonly Refusal[];
  /** Deletes what TTL indexes say is due at `now`, in slices that keep nobody waiting; resolves with how many documents when all are gone. */
  sweep(now: Date): Promise<number>;
  /** Ends every connection and forgets everything. */
  stop(): Promise<void>;
}

interface Engine extends Answering {
  readonly sockets: Set<Socket>;
  connections: number;
  replies: number;
}

export interface EmbeddedOptions {
  /** 0, the default, for a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Names and passwords of the users in `admin`. With it, even if empty, all but greeting asks for a log-in; each of them may do everything. */
  readonly users?: Readonly<Record<string, string>>;
}

/**
 * Starts a MongoDB server inside this process, empty, on a port of its own unless one is named. It keeps the process alive until it is stopped.
 * @throws {Error} the system's, such as EADDRINUSE for a named port
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedMongo> {
  const { port = 0, host = '127.0.0.1', users } = options;
  const engine: Engine = {
    store: new Store(),
    cursors: new Cursors(),
    sockets: new Set(),
    users: users && (await Users.of(users)),
    refusals: [],
    connections: 0,
    replies: 0,
  };
  const server = createServer({ noDelay: true }, (socket) => accept(engine, socket));
  server.listen(port, host);
  await once(server, 'listening');
  let sweeping = false;
  const timer = setInterval(async () => {
    engine.cursors.reap(Date.now());
    if (sweeping) return;
    sweeping = true;
    await engine.store.sweep(new Date());
    sweeping = false;
  }, SWEEP_EVERY).unref();
  return {
    kind: 'embedded',
    version: VERSION,
    uri: `mongodb://${host}:${(server.address() as AddressInfo).port}/`,
    refusals: engine.refusals,
    sweep: (now) => engine.store.sweep(now),
    stop: () => stop(engine, server, timer),
  };
}

async function stop(engine: Engine, server: Server, timer: NodeJS.Timeout): Promise<void> {
  clearInterval(timer);
  for (const socket of engine.sockets) socket.destroy();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

function accept(engine: Engine, socket: Socket): void {
  const framer = new Framer();
  const connection: Connection = {
    id: ++engine.connections,
    peer: `${socket.remoteAddress}:${socket.remotePort}`,
  };
  engine.sockets.add(socket);
  socket.on('close', () => engine.sockets.delete(socket));
  // A client that goes away in the middle is no event; 'close' follows.
  socket.on('error', () => {});
  socket.on('drain', () => socket.resume());
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const bytes of framer.push(chunk)) respond(engine, socket, connection, parse(bytes));
    } catch {
      // What cannot be read as the protocol ends this connection and nothing else.
      socket.destroy();
    }
  });
}

function respond(engine: Engine, socket: Socket, connection: Connection, message: Message): void {
  const answer = answerTo(engine, connection, message);
  // A client that set moreToCome reads nothing: a reply would be taken for the next command's.
  if (message.noReply) return;
  // One that does not read its replies must not make them pile up here.
  if (!socket.write(reply(message, answer, nextReplyId(engine)))) socket.pause();
}

/** Message ids are 32 bits wide. */
function nextReplyId(engine: Engine): number {
  engine.replies = (engine.replies + 1) & 0x7fffffff;
  return engine.replies;
}
