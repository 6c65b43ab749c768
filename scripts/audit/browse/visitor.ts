import type { RunningApp } from '../app/running-app.ts';
import { CookieJar, type KeptCookie } from './cookie-jar.ts';
import { type Incoming, NoAnswer, send } from './http.ts';
import { type Files, multipart } from './multipart.ts';

/** A request of a visitor and what came back. */
export interface Exchange extends Incoming {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The body that was sent. */
  readonly sent: string | undefined;
  readonly cookie: string | undefined;
  /** How long the answer took, in milliseconds. */
  readonly ms: number;
  /** Whose page it is, when its status does not show that: 'as for a stranger'. */
  readonly whose?: string;
  /** Set-Cookie lines that a browser would refuse, with the reason. */
  readonly refusedCookies: readonly { line: string; why: string }[];
}

/** What is sent beyond method and path. */
export interface Sending {
  readonly form?: Readonly<Record<string, string>>;
  /** The file fields of a form that is sent as multipart. */
  readonly files?: Files;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The headers of a proxy that ends TLS. */
export const THROUGH_TLS_PROXY = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.7',
  'X-Forwarded-Port': '443',
} as const;

/** The audit's clock for the app and for all browsers. */
export interface AuditClock {
  /** How far it is ahead of the machine's, in milliseconds. */
  readonly ahead: number;
}

/** How long an answer may take, in milliseconds: less than the 30 s that drivers wait by default. */
export const ANSWER_LIMIT_MS = 20_000;
const MOST_REDIRECTS = 5;

function bodyOf({ form, files, json }: Sending): { type: string; body: string | Buffer | undefined } {
  if (form && files) return multipart(form, files);
  if (form) return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() };
  return { type: 'application/json', body: json === undefined ? undefined : JSON.stringify(json) };
}

/** A browser of the audit: a cookie jar, and headers for each request. */
export class Visitor {
  #app: Pick<RunningApp, 'url'>;
  readonly #clock: AuditClock;
  readonly #headers: Readonly<Record<string, string>>;
  jar: CookieJar;
  limitMs = ANSWER_LIMIT_MS;
  /** Whether its limit is longer on a busy machine. False when the app's own time limit is tested. */
  isFair = true;
  /** All its exchanges, oldest first. */
  readonly history: Exchange[] = [];

  constructor(
    app: Pick<RunningApp, 'url'>,
    clock: AuditClock,
    headers: Readonly<Record<string, string>> = {},
    jar = new CookieJar(() => Date.now() + clock.ahead),
  ) {
    this.#app = app;
    this.#clock = clock;
    this.#headers = headers;
    this.jar = jar;
  }

  /** Uses another instance from now on, with the same cookies. */
  goesTo(app: Pick<RunningApp, 'url'>): void {
    this.#app = app;
  }

  /** Another browser with the same cookies. */
  copy(): Visitor {
    const visitor = new Visitor(
      this.#app,
      this.#clock,
      this.#headers,
      this.jar.copy(this.#seen(new URL(this.#app.url))),
    );
    visitor.limitMs = this.limitMs;
    visitor.isFair = this.isFair;
    return visitor;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Exchange> {
    return this.request('GET', path, { headers });
  }

  /** GET a page, through its redirects. @returns every exchange, the page last */
  async follow(path: string): Promise<Exchange[]> {
    return this.#through(await this.get(path));
  }

  /** Sends a request, and follows the redirects of its answer. @returns every exchange, the page last */
  async sendAndFollow(method: string, path: string, sending: Sending): Promise<Exchange[]> {
    return this.#through(await this.request(method, path, sending));
  }

  async #through(first: Exchange): Promise<Exchange[]> {
    const all = [first];
    let last = first;
    while (all.length <= MOST_REDIRECTS && last.status >= 300 && last.status < 400 && last.headers.location) {
      const to = this.pathOf(last.headers.location, last.path);
      if (to === undefined) break;
      last = await this.get(to);
      all.push(last);
    }
    return all;
  }

  /** The path of an address on a page; undefined when it leads to another site. */
  pathOf(href: string, from: string): string | undefined {
    try {
      const here = new URL(this.#app.url);
      const url = new URL(href, new URL(from, here));
      const isHere = /^https?:$/.test(url.protocol) && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname);
      // Any port counts: the app may use the port that its source names.
      return isHere ? url.pathname + url.search : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws {NoAnswer} */
  async request(method: string, path: string, sending: Sending = {}): Promise<Exchange> {
    const { headers = {}, json } = sending;
    const url = new URL(path, this.#app.url);
    const { type, body } = bodyOf(sending);
    const cookie = this.jar
      .sentTo(this.#seen(url))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const began = performance.now();
    const incoming = await send(
      {
        method,
        url: url.href,
        headers: {
          Accept: json === undefined ? 'text/html,application/xhtml+xml,*/*;q=0.8' : 'application/json',
          'User-Agent': 'Mozilla/5.0 (session audit)',
          ...(body !== undefined && { 'Content-Type': type, Origin: this.#seen(url).origin }),
          ...(cookie && { Cookie: cookie }),
          ...this.#headers,
          ...headers,
        },
        ...(body !== undefined && { body }),
      },
      this.limitMs,
      this.isFair,
    );
    const ms = performance.now() - began;
    const refusedCookies = this.jar.take(incoming.setCookies, this.#seen(url));
    const exchange = {
      ...incoming,
      method,
      path,
      sent: body?.toString(),
      cookie: cookie || undefined,
      ms,
      refusedCookies,
    };
    this.history.push(exchange);
    return exchange;
  }

  /** The origin of the app, for the browser. */
  get origin(): string {
    return this.#seen(new URL(this.#app.url)).origin;
  }

  /** The cookies it would send to the front page. */
  get cookies(): KeptCookie[] {
    return this.jar.sentTo(this.#seen(new URL(this.#app.url)));
  }

  /** The address for the browser: behind a proxy that ends TLS it is https. */
  #seen(url: URL): URL {
    if (this.#headers['X-Forwarded-Proto'] !== 'https') return url;
    return new URL(url.href.replace(/^http:/, 'https:'));
  }
}

export { NoAnswer };
