import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { afterLimit, moreTime } from '../../shared/fair-time.ts';

/** A request as it goes out. */
export interface Outgoing {
  readonly method: string;
  /** http://localhost:PORT/path */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What came back. */
export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly setCookies: readonly string[];
  /** The text, up to 2 MB. */
  readonly body: string;
}

/** Thrown when no answer came. */
export class NoAnswer extends Error {
  readonly afterMs: number;
  readonly isLate: boolean;
  constructor(message: string, afterMs: number, isLate: boolean) {
    super(message);
    this.afterMs = afterMs;
    this.isLate = isLate;
  }
}

const MOST_BYTES = 2 * 1024 * 1024;

/**
 * Sends one request to 127.0.0.1, whichever host its URL names, and follows no redirect.
 * @param limitMs for the whole answer
 * @param isFair whether the limit is longer on a busy machine
 * @throws {NoAnswer} when no answer comes in time, or the connection ends before it
 */
export function send(
  { method, url, headers, body }: Outgoing,
  limitMs: number,
  isFair = true,
): Promise<Incoming> {
  const { protocol, host, port, pathname, search } = new URL(url);
  const began = performance.now();
  const open = protocol === 'https:' ? requestTls : request;
  return new Promise((resolve, reject) => {
    const fail = (message: string, isLate = false) => {
      callOff();
      asked.destroy();
      reject(new NoAnswer(message, performance.now() - began, isLate));
    };
    const late = (waitedMs: number) => fail(`no answer within ${waitedMs / 1000} s`, true);
    const callOff = afterLimit(limitMs, late, isFair ? moreTime : () => 0);
    const sent = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const asked = open(
      {
        host: '127.0.0.1',
        port,
        method,
        path: pathname + search,
        headers: { Host: host, 'Accept-Encoding': 'identity', ...headers, ...sent },
        agent: false,
        rejectUnauthorized: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        const done = () => {
          callOff();
          const { 'set-cookie': setCookies = [], ...others } = response.headers;
          resolve({
            status: response.statusCode ?? 0,
            headers: others as Incoming['headers'],
            setCookies,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        };
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= MOST_BYTES) chunks.push(chunk);
          else response.destroy();
        });
        // A stream of events never ends: its head is enough.
        if (String(response.headers['content-type']).startsWith('text/event-stream')) {
          done();
          response.destroy();
        }
        response.on('end', done);
        response.on('close', () =>
          response.complete || bytes > MOST_BYTES ? done() : fail('the connection was cut within the answer'),
        );
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) =>
      fail(`the connection was cut without an answer (${error.code ?? error.message})`),
    );
    asked.end(body);
  });
}
