import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { closeServer } from '../../shared/close-server.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** How much of a body is kept, in bytes. The app gets the whole body. */
const MOST_KEPT = 1024 * 1024;

/** A proxy on 127.0.0.1 in front of an app, for a person's browser, that records the requests. */
export class Recorder {
  /** In the order of their answers. */
  readonly requests: RecordedRequest[] = [];
  readonly #app: URL;
  readonly #server: Server;

  private constructor(app: string) {
    this.#app = new URL(app);
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
    // WebSocket connections are refused.
    this.#server.on('upgrade', (_asked, socket) => socket.destroy());
  }

  /** @param app its address: http://localhost:PORT */
  static async open(app: string): Promise<Recorder> {
    const recorder = new Recorder(app);
    recorder.#server.listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    return recorder;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = asked;
    const body: Buffer[] = [];
    let bytes = 0;
    asked.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_KEPT) body.push(chunk);
    });
    const { port, protocol } = this.#app;
    const open = protocol === 'https:' ? requestTls : request;
    // The host stays the recorder's, so that the browser's Origin matches it.
    const options = { host: '127.0.0.1', port, method, path: url, headers, agent: false };
    const passed = open({ ...options, rejectUnauthorized: false }, (response) => {
      const { statusCode = 502, headers: own } = response;
      this.requests.push({
        method,
        url: new URL(url, this.url).href,
        status: statusCode,
        type: own['content-type'] ?? '',
        headers: Object.entries(headers).map(([name, value]) => ({ name, value: String(value) })),
        ...(bytes > 0 && {
          postData: { mimeType: headers['content-type'] ?? '', text: Buffer.concat(body).toString('utf8') },
        }),
      });
      answer.writeHead(statusCode, { ...own, ...this.#placed(own.location) });
      response.pipe(answer);
    });
    passed.on('error', () => {
      if (!answer.headersSent) answer.writeHead(502, { 'Content-Type': 'text/plain' });
      answer.end('The app does not answer.');
    });
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }

  /** Rewrites redirects to the app's own address, which would bypass the recorder. */
  #placed(location: string | undefined): { location?: string } {
    if (location === undefined || !URL.canParse(location)) return {};
    const { hostname, port, pathname, search, hash } = new URL(location);
    const isApp = /^(?:localhost|127\.0\.0\.1)$/.test(hostname) && port === this.#app.port;
    return isApp ? { location: `${this.url}${pathname}${search}${hash}` } : {};
  }
}
