import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterLimit } from '../../shared/fair-time.ts';

/** A call of the app's session store, as the app made it. */
export interface StoreCall {
  readonly kind: 'store';
  readonly operation: 'get' | 'set' | 'touch' | 'destroy';
  readonly id: string;
  /** The store's key of the session, when that is not the ID. */
  readonly key?: string;
  /** The session as JSON, for `set`. */
  readonly data?: string;
  /** For `get`: whether it found a session. */
  readonly found?: boolean;
  readonly error?: string;
}

/** How the app set its session middleware up. */
export interface SessionSetup {
  readonly kind: 'session';
  readonly library: 'express-session' | 'cookie-session';
  readonly name?: string;
  readonly secrets: readonly string[];
  readonly resave?: boolean;
  readonly saveUninitialized?: boolean;
  readonly rolling?: boolean;
  /** Whether its cookie is Secure on a developer's machine as well. */
  readonly secure?: boolean;
  /** Whether its cookie has SameSite=None and is not Secure, which browsers refuse. */
  readonly crossSite?: boolean;
  /** Whether cookie-session was told not to sign. */
  readonly unsigned?: boolean;
  /** The store's class. */
  readonly store?: string;
}

export type Report =
  | { readonly kind: 'hello'; readonly token: string; readonly pid: number; readonly program: string }
  | {
      readonly kind: 'listening';
      readonly port: number;
      readonly asked: number;
      readonly protocol: 'http' | 'https';
    }
  | { readonly kind: 'redirected'; readonly from: string; readonly to: 'mongo' | 'redis' }
  | { readonly kind: 'refused'; readonly host: string; readonly port: number }
  | { readonly kind: 'held'; readonly id: string }
  | ({ readonly kind: 'answer'; readonly number: number } & Readonly<Record<string, unknown>>)
  | StoreCall
  | SessionSetup;

/** How long a process of the app may take to answer the audit, in milliseconds. A process that loops never answers. */
const ANSWER_LIMIT = 10_000;

/** The audit's side of the connections from the processes of one started app: see inside/preload.cjs. */
export class Control {
  readonly token = randomBytes(16).toString('hex');
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #onReport: (report: Report) => void;
  readonly #waiting = new Map<number, (answer: Record<string, unknown> | undefined) => void>();
  #asked = 0;

  private constructor(onReport: (report: Report) => void) {
    this.#onReport = onReport;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(onReport: (report: Report) => void): Promise<Control> {
    const control = new Control(onReport);
    control.#server.listen(0, '127.0.0.1');
    await once(control.#server, 'listening');
    return control;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Asks every process. @returns the answers that come in time */
  async ask(kind: string, what: Readonly<Record<string, unknown>> = {}): Promise<Record<string, unknown>[]> {
    const answers = [...this.#sockets].map((socket) => this.#askOne(socket, { kind, ...what }));
    return (await Promise.all(answers)).filter((answer) => answer !== undefined);
  }

  #askOne(socket: Socket, message: object): Promise<Record<string, unknown> | undefined> {
    const number = ++this.#asked;
    return new Promise((resolve) => {
      const done = (answer?: Record<string, unknown>) => {
        callOff();
        socket.off('close', gone);
        this.#waiting.delete(number);
        resolve(answer);
      };
      const gone = () => done();
      const callOff = afterLimit(ANSWER_LIMIT, gone);
      socket.once('close', gone);
      this.#waiting.set(number, done);
      socket.write(`${JSON.stringify({ ...message, number })}\n`);
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Refuses a connection without the token: it is no process of this app. */
  #accept(socket: Socket): void {
    let isKnown = false;
    let half = '';
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (half + text).split('\n');
      half = lines.pop() ?? '';
      for (const line of lines) {
        const report = parsed(line);
        if (report === undefined) continue;
        if (report.kind === 'hello') {
          isKnown = report.token === this.token;
          if (!isKnown) socket.destroy();
          else this.#sockets.add(socket);
        }
        if (!isKnown) return;
        if (report.kind === 'answer') this.#waiting.get(report.number)?.(report);
        else this.#onReport(report);
      }
    });
  }
}

function parsed(line: string): Report | undefined {
  try {
    const report = JSON.parse(line);
    return typeof report?.kind === 'string' ? report : undefined;
  } catch {
    return undefined;
  }
}
