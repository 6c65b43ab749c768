import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Answering, answerTo, type Refusal } from './answer.ts';
import type { Connection } from './commands/call.ts';
import { VERSION } from './commands/version.ts';
import { Cursors } from './cursors.ts';
import { Users } from './scram.ts';
import { Store } from './store.ts';
import { startTtlSweep, sweep } from './ttl-sweep.ts';
import { Job, type Steps, Turns } from './turns.ts';
import { Framer, type Message, parse, reply } from './wire.ts';

export interface EmbeddedMongo {
  readonly kind: 'embedded';
  /** The mongod whose behaviour it follows. */
  readonly version: string;
  /** mongodb://HOST:PORT/, without a database. */
  readonly uri: string;
  /** What clients asked for and the engine lacks (error 238), each once, oldest first. */
  readonly refusals: readonly Refusal[];
  /** Deletes the documents that have expired at `now`, in short steps; resolves with how many. */
  sweep(now: Date): Promise<number>;
  /** Ends every connection and forgets everything. */
  stop(): Promise<void>;
}

interface Engine extends Answering {
  readonly sockets: Set<Socket>;
  readonly turns: Turns;
  connections: number;
  replies: number;
}

export interface EmbeddedOptions {
  /** 0, the default, for a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Names and passwords of the users in `admin`. With it, even if empty, most commands need a log-in; each user may do everything. */
  readonly users?: Readonly<Record<string, string>>;
  /** False: expired documents are removed only by `sweep`. */
  readonly sweepsItself?: boolean;
}

/**
 * Starts a MongoDB server inside this process, empty, on a free port unless one is named. It keeps the process alive until it is stopped.
 * @throws {Error} of the system, such as EADDRINUSE for a named port
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedMongo> {
  const { port = 0, host = '127.0.0.1', users, sweepsItself = true } = options;
  const engine: Engine = {
    store: new Store(),
    cursors: new Cursors(),
    sockets: new Set(),
    turns: new Turns(),
    users: users && (await Users.of(users)),
    refusals: [],
    connections: 0,
    replies: 0,
  };
  const server = createServer({ noDelay: true }, (socket) => accept(engine, socket));
  server.listen(port, host);
  await once(server, 'listening');
  const stopSweep = startTtlSweep(engine, sweepsItself);
  return {
    kind: 'embedded',
    version: VERSION,
    uri: `mongodb://${host}:${(server.address() as AddressInfo).port}/`,
    refusals: engine.refusals,
    sweep: (now) => sweep(engine, now),
    stop: () => stop(engine, server, stopSweep),
  };
}

async function stop(engine: Engine, server: Server, stopSweep: () => void): Promise<void> {
  stopSweep();
  for (const socket of engine.sockets) socket.destroy();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

function accept(engine: Engine, socket: Socket): void {
  const framer = new Framer();
  const waiting: Buffer[] = [];
  const connection: Connection = {
    id: ++engine.connections,
    peer: `${socket.remoteAddress}:${socket.remotePort}`,
  };
  const job = new Job();
  let serving = false;
  /** Answers one message after the other: on one connection replies come in the order of the messages. */
  const serve = function* (): Steps<void> {
    // Waits for a client that does not read its replies: they must not fill memory.
    while (waiting.length > 0 && !socket.writableNeedDrain) {
      const message = parse(waiting.shift() as Buffer);
      send(engine, socket, message, yield* answerTo(engine, connection, message, job));
      job.deadline = Number.POSITIVE_INFINITY;
      yield;
    }
    serving = false;
    if (waiting.length === 0) socket.resume();
  };
  const goOn = () => {
    if (serving || waiting.length === 0) return;
    serving = true;
    const done = () => {};
    // A message that breaks the protocol ends only this connection.
    engine.turns.run(serve(), job, done, () => socket.destroy());
    // Further messages wait with their sender.
    if (waiting.length > 0 || serving) socket.pause();
  };
  engine.sockets.add(socket);
  socket.on('close', () => {
    engine.sockets.delete(socket);
    job.cancelled = true;
  });
  // An interrupted connection needs no handling; 'close' follows.
  socket.on('error', () => {});
  socket.on('drain', goOn);
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const bytes of framer.push(chunk)) waiting.push(bytes);
    } catch {
      waiting.push(UNREADABLE);
    }
    goOn();
  });
}

/** Stands for an unreadable message: no message is empty. */
const UNREADABLE = Buffer.alloc(0);

function send(engine: Engine, socket: Socket, message: Message, answer: Uint8Array): void {
  // A client that set moreToCome reads nothing: it would take a reply for the next command's.
  if (!message.noReply) socket.write(reply(message, answer, nextReplyId(engine)));
}

/** Message ids are 32 bits wide. */
function nextReplyId(engine: Engine): number {
  engine.replies = (engine.replies + 1) & 0x7fffffff;
  return engine.replies;
}
