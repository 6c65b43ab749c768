import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { decode, encode } from './codec.ts';
import type { Call, Connection } from './commands/call.ts';
import { dispatch } from './commands/dispatch.ts';
import { VERSION } from './commands/version.ts';
import { Cursors } from './cursors.ts';
import { CommandError } from './errors.ts';
import { Users } from './scram.ts';
import { Store } from './store.ts';
import type { Doc, Value } from './values.ts';
import { Framer, type Message, parse, reply } from './wire.ts';

/** How often expired documents and idle cursors go, in milliseconds. mongod takes a minute; nobody in a lesson waits so long. */
const SWEEP_EVERY = 1000;

export interface EmbeddedMongo {
  readonly kind: 'embedded';
  /** The mongod whose behaviour it follows. */
  readonly version: string;
  /** mongodb://HOST:PORT/, without a database. */
  readonly uri: string;
  /** Deletes what TTL indexes say is due at `now`, in slices that keep nobody waiting; resolves with how many documents when all are gone. */
  sweep(now: Date): Promise<number>;
  /** Ends every connection and forgets everything. */
  stop(): Promise<void>;
}

interface Engine {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly sockets: Set<Socket>;
  readonly users: Users | undefined;
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
  const answer = encode(answerTo(engine, connection, message));
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

function answerTo({ store, cursors, users }: Engine, connection: Connection, message: Message) {
  try {
    const command = commandOf(message);
    const [name = ''] = command.keys();
    const database = command.get('$db') ?? 'admin';
    if (typeof database !== 'string') throw new CommandError(14, "BSON field '$db' is the wrong type");
    const call: Call = { name, database, command, store, cursors, users, connection };
    return dispatch(call, message.legacy);
  } catch (error) {
    if (error instanceof CommandError) return error.toReply();
    throw error;
  }
}

/** The body with its document sequences in it, as if they had been sent inside. */
function commandOf({ body, sequences }: Message): Doc {
  const command = new Map<string, Value>(decode(body));
  for (const [name, documents] of sequences) {
    if (command.has(name)) throw new Error(`the field ${name} twice`);
    command.set(
      name,
      documents.map((document) => decode(document)),
    );
  }
  return command;
}
