import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { SERVED_BY } from '../../../grader/balancer.ts';
import { type Address, addressOf } from '../site/addresses.ts';
import { refusal, sayText } from '../site/guard.ts';
import { listen } from '../site/listen.ts';
import type { SeenExchange } from '../xray/exchange.ts';
import { sessionCookieIn } from '../xray/session-cookie.ts';
import type { XRay } from '../xray/xray.ts';
import { entryPage, noAnswerPage, PAGE_HEADERS } from './door-pages.ts';
import { endOf, type ShopperCookies } from './shopper-cookies.ts';

/** What a door needs to know. */
export interface DoorParts {
  readonly shopper: string;
  readonly token: string;
  readonly cookies: ShopperCookies;
  readonly xray: XRay;
  /** The port of the shop on this machine; undefined while it is not open. */
  readonly shopPort: () => number | undefined;
  /** Is told the path of each page that the shopper opens. */
  readonly onPage: (path: string) => void;
  /** Is told that an answer has come: the shopper may have other cookies now. */
  readonly onAnswer: () => void;
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * A shopper's way into the shop: a port of its own that passes requests and answers on as they are, but for cookies. These it keeps
 * itself, so that two shoppers live in one window and their HttpOnly cookies can be shown.
 */
export class Door {
  readonly #parts: DoorParts;
  readonly #server: Server;
  #address: Address | undefined;

  private constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#server = createServer((req, res) => void this.#serve(req, res));
  }

  /** @param favourite the port to take, when it is free */
  static async open(favourite: number, parts: DoorParts): Promise<Door> {
    const door = new Door(parts);
    door.#address = addressOf(await listen(door.#server, favourite));
    return door;
  }

  /** Where it is for the learner's browser. */
  get address(): Address {
    return this.#address as Address;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { token, shopPort, xray, cookies, shopper } = this.#parts;
    const url = new URL(req.url ?? '/', 'http://shop');
    const isEntry = url.pathname === `/__enter/${token}`;
    const refused = refusal(req, this.address, isEntry);
    if (refused) return sayText(res, 403, refused);
    if (isEntry) {
      res.writeHead(200, PAGE_HEADERS);
      res.end(entryPage(url.searchParams.get('to') ?? '/'));
      return;
    }
    const { method = 'GET', url: path = '/' } = req;
    const isAsset =
      /\.\w+$/.test(url.pathname) ||
      /^(style|image|script|font)$/.test(String(req.headers['sec-fetch-dest']));
    if (method === 'GET' && !isAsset) this.#parts.onPage(path);
    const cookie = cookies.headerFor(url.pathname, { method, embedded: isAsset });
    const exchange = await xray.begins({ shopper, method, path, isAsset, cookie });
    const port = shopPort();
    if (res.destroyed) return;
    if (port === undefined) return this.#unanswered(exchange, res, 'refused', 0);
    this.#pass(exchange, port, req, res);
  }

  #pass(exchange: SeenExchange, port: number, req: IncomingMessage, res: ServerResponse): void {
    const began = performance.now();
    const since = () => performance.now() - began;
    const { method, url: path } = req;
    const headers = { ...onward(req.headers), ...(exchange.cookie && { cookie: exchange.cookie }) };
    // A connection of its own: the shop knows the request by the port that it came from.
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    outgoing.on('socket', (socket) =>
      socket.once('connect', () => this.#parts.xray.wentOut(exchange, socket.localPort ?? 0)),
    );
    outgoing.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (exchange.ms !== undefined) return;
      if (res.headersSent) res.destroy();
      else this.#unanswered(exchange, res, code === 'ECONNREFUSED' ? 'refused' : 'broke off', since());
    });
    outgoing.on('response', (answer) => {
      const lines = answer.headers['set-cookie'] ?? [];
      const dropped = this.#parts.cookies.takeFrom(lines, path ?? '/', { method: method ?? 'GET' });
      const { [SERVED_BY]: servedBy, ...others } = answer.headers;
      const framed = req.headers['sec-fetch-dest'] === 'iframe' ? withoutFrameRules(others) : others;
      const { 'set-cookie': _, ...rest } = onward(framed);
      res.writeHead(answer.statusCode ?? 502, answer.statusMessage, rest);
      pipeline(answer, res, (error) => {
        const failed = error ? { failed: 'cut off' } : {};
        const { statusCode: status, headers } = answer;
        const how = {
          status,
          location: headers.location,
          setCookies: lines,
          servedBy: text(servedBy),
          ms: since(),
          ...failed,
        };
        void this.#ended(exchange, how as Partial<SeenExchange>, dropped);
      });
    });
    res.once('close', () => {
      if (exchange.ms !== undefined || res.writableFinished || res.headersSent) return;
      outgoing.destroy();
      void this.#ended(exchange, { failed: 'given up', ms: since() });
    });
    // The body of an upload goes on as it comes. What the shop does not read it does not have to.
    req.pipe(outgoing);
  }

  #unanswered(exchange: SeenExchange, res: ServerResponse, failed: string, ms: number): void {
    res.writeHead(502, PAGE_HEADERS);
    res.end(noAnswerPage(failed));
    void this.#ended(exchange, { failed, ms });
  }

  async #ended(
    exchange: SeenExchange,
    how: Partial<SeenExchange>,
    dropped: SeenExchange['dropped'] = [],
  ): Promise<void> {
    const { cookies, xray } = this.#parts;
    const session = cookies.all().find((each) => sessionCookieIn(each.cookieString()));
    await xray.ended(exchange, how, { dropped, cookieEnds: session && endOf(session) });
    this.#parts.onAnswer();
  }
}

/** Headers that concern more than one connection. Cookies are the door's business. */
function onward({ cookie, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

/** A shop that may not stand in a frame, as most should say, stands in one here: it is the workbench's own. */
function withoutFrameRules({ 'x-frame-options': _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  const policy = text(headers['content-security-policy']);
  const rest = policy?.split(';').filter((rule) => !/^\s*frame-ancestors\b/i.test(rule));
  return rest ? { ...headers, 'content-security-policy': rest.join(';') } : headers;
}

const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
