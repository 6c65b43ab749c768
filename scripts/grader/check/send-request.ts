import { type IncomingMessage, request } from 'node:http';
import { afterLimit } from '../../shared/fair-time.ts';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long the whole answer may take, in milliseconds; longer on a busy machine. */
  readonly limit: number;
  /** Called when the head of the answer is there: a browser follows a redirect then. The body may still wait for a session to be stored. */
  readonly onHead?: () => void;
}

/** What came back, as it came: no redirect was followed, and nothing was decoded but the text. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookieLines: readonly string[];
  readonly body: string;
  /** The port that it was asked from: each request has a connection of its own. */
  readonly port: number;
}

/** In bytes, more than any page has. An answer that never ends is cut off there. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** No answer within the limit. The shopper's shop says what that means. */
class NoAnswerInTime extends Error {
  readonly timeout: number;
  constructor(timeout: number) {
    super(`no answer within ${timeout / 1000} s`);
    this.timeout = timeout;
  }
}

/**
 * Makes one request, on a connection of its own.
 * @throws NoAnswerInTime, or the error of a connection that was refused or cut
 */
export function sendRequest(
  url: string | URL,
  { method, headers, body, limit, onHead }: WireRequest,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method, headers: { ...headers }, agent: false });
    sending.on(
      'close',
      afterLimit(limit, (waitedMs) => sending.destroy(new NoAnswerInTime(waitedMs))),
    );
    sending.on('error', reject);
    let port = 0;
    sending.on('socket', (socket) => socket.on('connect', () => (port = socket.localPort ?? 0)));
    sending.on('response', (response) => {
      onHead?.();
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_BODY_BYTES)
          response.destroy(new Error(`the answer has more than ${MAX_BODY_BYTES} bytes`));
        chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks), port)));
    });
    sending.end(body);
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, body: Buffer, port: number): WireAnswer {
  const { 'set-cookie': setCookieLines = [], ...others } = headers;
  const texts = Object.entries(others).map(([name, value]) => [name, String(value)] as const);
  return {
    status: statusCode,
    headers: Object.fromEntries(texts),
    setCookieLines,
    body: body.toString('utf8'),
    port,
  };
}
