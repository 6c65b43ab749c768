import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SERVED_BY } from '../../../grader/balancer.ts';
import { closeServer } from '../../../shared/close-server.ts';
import { type Address, addressOf } from '../site/addresses.ts';
import { refusal, sayText } from '../site/guard.ts';
import { listen } from '../site/listen.ts';
import type { SeenExchange } from '../xray/exchange.ts';
import { sessionCookieIn } from '../xray/session-cookie.ts';
import type { XRay } from '../xray/xray.ts';
import { entryPage, NO_WEBSOCKET, noAnswerPage, PAGE_HEADERS } from './door-pages.ts';
import { passOn, type Unfinished, withoutFrameRules } from './passage.ts';
import { endOf, type ShopperCookies } from './shopper-cookies.ts';

/** What a door needs to know. */
export interface DoorParts {
  readonly shopper: string;
  readonly token: string;
  /** The cookies that the door keeps for the shopper; undefined when their browser keeps them, and the door passes them on. */
  readonly cookies: ShopperCookies | undefined;
  readonly xray: XRay;
  /** The port of the shop on this machine; undefined while it is not open. */
  readonly shopPort: () => number | undefined;
  /** Called with the path of each page that the shopper opens. */
  readonly onPage: (path: string) => void;
  /** Called when no shop took the request of a page, or a stylesheet or picture of it got no answer. */
  readonly onLost: () => void;
  /** Called when an answer has come: the shopper may have other cookies now. */
  readonly onAnswer: () => void;
}

/**
 * A shopper's way into the shop: a port of its own that passes requests and answers on as they are, except for cookies. The door keeps these
 * itself, so that two shoppers live in one window and their HttpOnly cookies can be shown.
 */
export class Door {
  readonly #parts: DoorParts;
  readonly #server: Server;
  #address: Address | undefined;

  private constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#server = createServer((req, res) => {
      // A request that cannot be passed on ends alone.
      this.#serve(req, res).catch(() => res.destroy());
    });
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

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { token, shopPort, xray, cookies, shopper } = this.#parts;
    // Requests to a proxy have a whole address. A door is no proxy.
    if (!req.url?.startsWith('/')) return sayText(res, 400, 'A path of the shop begins with a slash.');
    const url = new URL(`http://shop${req.url}`);
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
    const cookie =
      cookies?.headerFor(url.pathname, { method, embedded: isAsset }) ?? req.headers.cookie ?? '';
    const exchange = await xray.begins({ shopper, method, path, isAsset, cookie });
    const port = shopPort();
    if (res.destroyed) return;
    if (port === undefined) return this.#unanswered(exchange, res, 'refused', 0);
    if (/^websocket$/i.test(req.headers.upgrade ?? '')) {
      sayText(res, 501, NO_WEBSOCKET);
      return this.#ended(exchange, { status: 501, failed: 'by the door: no WebSocket', ms: 0 });
    }
    this.#pass(exchange, port, req, res);
  }

  #pass(exchange: SeenExchange, port: number, req: IncomingMessage, res: ServerResponse): void {
    const { cookies, xray } = this.#parts;
    const began = performance.now();
    passOn(req, res, {
      port,
      cookie: exchange.cookie,
      wentOut: (from) => xray.wentOut(exchange, from),
      answers: ({ statusCode: status, headers }) => {
        const { [SERVED_BY]: servedBy, ...others } = headers;
        const { 'set-cookie': setCookies = [], location } = headers;
        const { method, path } = exchange;
        const dropped = cookies?.takeFrom(setCookies, path, { method }) ?? [];
        const head = { status, location, setCookies, servedBy: [servedBy].flat()[0], dropped };
        xray.answers(exchange, { ...head, cookieEnds: this.#cookieEnds } as Partial<SeenExchange>);
        // Browsers send Sec-Fetch-Dest only to trusted addresses: this machine, or https.
        const framed = req.headers['sec-fetch-dest'] === 'document' ? others : withoutFrameRules(others);
        const { 'set-cookie': _, ...rest } = framed;
        return cookies ? rest : framed;
      },
      ended: (unfinished) => {
        const ms = performance.now() - began;
        if (unfinished === 'refused' || unfinished === 'broke off')
          this.#unanswered(exchange, res, unfinished, ms);
        else void this.#ended(exchange, { ...(unfinished && { failed: unfinished }), ms });
      },
    });
  }

  #unanswered(exchange: SeenExchange, res: ServerResponse, failed: Unfinished, ms: number): void {
    const { method, isAsset } = exchange;
    if (method === 'GET' && (failed === 'refused' || isAsset)) this.#parts.onLost();
    res.writeHead(502, PAGE_HEADERS);
    res.end(noAnswerPage(failed));
    void this.#ended(exchange, { failed, ms });
  }

  async #ended(exchange: SeenExchange, how: Partial<SeenExchange>): Promise<void> {
    await this.#parts.xray.ended(exchange, { ...how, cookieEnds: this.#cookieEnds });
    this.#parts.onAnswer();
  }

  /** When the shopper's session cookie ends, in milliseconds; undefined when it ends with the browser. */
  get #cookieEnds(): number | undefined {
    const session = this.#parts.cookies?.all().find((each) => sessionCookieIn(each.cookieString()));
    return session && endOf(session);
  }
}
