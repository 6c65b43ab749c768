import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Answering, answerTo, type Refusal } from './answer.ts';
import type { Connection } from './commands/call.ts';
import { VERSION } from './commands/version.ts';
import { Cursors } from './cursors.ts';
import { Users } from './scram.ts';
import { Store } from './store.ts';
import { Job, Turns } from './turns.ts';
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
  readonly turns: Turns;
  sweeping: boolean;
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
    turns: new Turns(),
    sweeping: false,
    users: users && (await Users.of(users)),
    refusals: [],
    connections: 0,
    replies: 0,
  };
  const server = createServer({ noDelay: true }, (socket) => accept(engine, socket));
  server.listen(port, host);
  await once(server, 'listening');
  const timer = setInterval(() => sweepNow(engine), SWEEP_EVERY).unref();
  return {
    kind: 'embedded',
    version: VERSION,
    uri: `mongodb://${host}:${(server.address() as AddressInfo).port}/`,
    refusals: engine.refusals,
    sweep: (now) => engine.turns.finish(engine.store.sweep(now)),
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

function sweepNow(engine: Engine): void {
  engine.cursors.reap();
  if (engine.sweeping) return;
  engine.sweeping = true;
  engine.turns.finish(engine.store.sweep(new Date())).finally(() => {
    engine.sweeping = false;
  });
}

function accept(engine: Engine, socket: Socket): void {
  const framer = new Framer();
  const waiting: Message[] = [];
  const connection: Connection = {
    id: ++engine.connections,
    peer: `${socket.remoteAddress}:${socket.remotePort}`,
  };
  let job: Job | undefined;
  /** Answers one message after the other: on one connection replies come in the order of the messages. */
  const goOn = (): void => {
    const message = job === undefined ? waiting.shift() : undefined;
    if (message === undefined) return;
    job = new Job();
    const answered = (answer: Uint8Array) => {
      job = undefined;
      send(engine, socket, message, answer);
      goOn();
    };
    engine.turns.run(answerTo(engine, connection, message, job), job, answered, () => socket.destroy());
    // While one is worked on the others can wait with their sender.
    if (job !== undefined) socket.pause();
  };
  engine.sockets.add(socket);
  socket.on('close', () => {
    engine.sockets.delete(socket);
    if (job !== undefined) job.cancelled = true;
  });
  // A client that goes away in the middle is no event; 'close' follows.
  socket.on('error', () => {});
  socket.on('drain', () => {
    if (job === undefined) socket.resume();
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const bytes of framer.push(chunk)) {
        waiting.push(parse(bytes));
        goOn();
      }
    } catch {
      // What cannot be read as the protocol ends this connection and nothing else.
      socket.destroy();
    }
  });
}

function send(engine: Engine, socket: Socket, message: Message, answer: Uint8Array): void {
  // A client that set moreToCome reads nothing: a reply would be taken for the next command's.
  if (message.noReply || socket.write(reply(message, answer, nextReplyId(engine)))) socket.resume();
  // One that does not read its replies must not make them pile up here.
  else socket.pause();
}

/** Message ids are 32 bits wide. */
function nextReplyId(engine: Engine): number {
  engine.replies = (engine.replies + 1) & 0x7fffffff;
  return engine.replies;
}
