import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { closeServer } from '../shared/close-server.ts';

/** A request that was passed on, and what came back. */
export interface Passed {
  /** The instance that answered. */
  readonly by: string;
  readonly method: string;
  readonly path: string;
  /** The status of its answer; undefined when it broke off before there was one. */
  readonly status: number | undefined;
  /** The ports of this machine that the request came from, and went out from. */
  readonly ports: { readonly from: number | undefined; readonly out: number | undefined };
}

/** Says in each answer which instance it is from. */
export const SERVED_BY = 'x-served-by';
/** Marks an answer of the balancer's own: the instance gave none. */
export const BROKE_OFF = 'x-broke-off';

/**
 * A small load balancer: each request goes to the next instance, whoever sends it. It knows nothing of cookies, so it is
 * never sticky. An instance that takes no connection is skipped, and is out until it is put in again. A request that was
 * passed on is never tried a second time, because nobody knows whether it had an effect.
 */
export class Balancer {
  readonly #instances = new Map<string, number>();
  readonly #server: Server;
  readonly #onPassed: (passed: Passed) => void;
  #port = 0;
  #turn = 0;

  private constructor(onPassed: (passed: Passed) => void) {
    this.#onPassed = onPassed;
    this.#server = createServer((req, res) => {
      // A request that cannot be passed on ends alone.
      this.#serve(req, res).catch(() => res.destroy());
    });
  }

  /** @param port 0 for any free one @throws with the code EADDRINUSE when it is taken */
  static async open({ port = 0, onPassed = (_: Passed) => {} } = {}): Promise<Balancer> {
    const balancer = new Balancer(onPassed);
    balancer.#server.listen(port, '127.0.0.1');
    await once(balancer.#server, 'listening');
    balancer.#port = (balancer.#server.address() as AddressInfo).port;
    return balancer;
  }

  /** Its port, also when it is closed. */
  get port(): number {
    return this.#port;
  }

  /** From now on this instance, on a port of this machine, gets its turns. */
  putIn(name: string, port: number): void {
    this.#instances.set(name, port);
  }

  /** From now on this instance gets no new requests. It may still answer those that it has. */
  takeOut(name: string): void {
    this.#instances.delete(name);
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // A form of this shop is small. Kept whole, it can be sent to the next instance when one takes no connection.
    const body = await buffer(req).catch(() => undefined);
    if (!body) return;
    const instances = [...this.#instances];
    const first = this.#turn % (instances.length || 1);
    // A page and its stylesheet and pictures are one turn, so that page after page the turns alternate.
    if (!/\.\w+$/.test(req.url ?? '')) this.#turn++;
    for (const [name, port] of [...instances.slice(first), ...instances.slice(0, first)]) {
      const answer = await ask(port, req, body);
      if (answer === 'refused') {
        // It may have come back meanwhile, on another port.
        if (this.#instances.get(name) === port) this.takeOut(name);
        continue;
      }
      this.#passOn(answer, name, req, res);
      return;
    }
    respond(res, 503, 'No instance of the shop is open.');
  }

  #passOn(
    answer: IncomingMessage | 'broke off',
    by: string,
    req: IncomingMessage,
    res: ServerResponse,
  ): void {
    const { method = '', url: path = '' } = req;
    const [status, out] = answer === 'broke off' ? [] : [answer.statusCode, answer.socket.localPort];
    this.#onPassed({ by, method, path, status, ports: { from: req.socket.remotePort, out } });
    if (answer === 'broke off') {
      respond(res, 502, `Instance ${by} broke off before it had answered.`, {
        [SERVED_BY]: by,
        [BROKE_OFF]: by,
      });
      return;
    }
    const { connection, 'keep-alive': _, ...headers } = answer.headers;
    res.writeHead(answer.statusCode ?? 502, { ...headers, [SERVED_BY]: by });
    // An answer that breaks off in its middle breaks off for the browser too.
    pipeline(answer, res, () => {});
  }
}

/** Asks one instance, on a connection of its own: the instance may close a kept one just as the next request is sent. */
function ask(
  port: number,
  { method, url: path, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage | 'refused' | 'broke off'> {
  return new Promise((resolve) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...headers, connection: 'close' },
      agent: false,
    });
    outgoing.on('response', resolve);
    outgoing.on('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' ? 'refused' : 'broke off'),
    );
    outgoing.end(body);
  });
}

function respond(res: ServerResponse, status: number, words: string, headers = {}): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  res.end(`${words}\n`);
}
