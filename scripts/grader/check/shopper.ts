import { BrowserCookies, type RequestContext } from './browser-cookies.ts';
import { decoded, Exchange, sessionIdIn, shortened } from './exchange.ts';
import { StepFailure } from './failure.ts';
import { LEADS_AWAY, nextOf, TOO_MANY } from './redirects.ts';
import type { RunningShop } from './running-shop.ts';
import { sendRequest } from './send-request.ts';

/** What a TLS proxy in front of the shop says of each request: how it came, and from where. */
export const THROUGH_TLS_PROXY = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.7',
} as const;

/** What a shopper visits: a shop, or several instances of one behind a balancer. */
export type Door = Pick<RunningShop, 'opened' | 'patience' | 'clock' | 'printed' | 'refusal' | 'silence'> & {
  /** Where one may ask what was seen of the sessions; undefined where nobody can tell which process it was. */
  readonly sessionFacts?: RunningShop['sessionFacts'];
};

/** One request of a step, for whoever looks for the cause of a failure. */
export interface Seen {
  readonly exchange: Exchange;
  /** The port that it was asked from. */
  readonly port: number;
  readonly shop: Door;
  readonly shopper: Shopper;
}

/**
 * A browser in a test, with a name. It keeps and sends cookies as Chromium does, and finds the shop at localhost. A redirect is an answer
 * like any other, until the shopper follows it: `lands`.
 */
export class Shopper {
  readonly name: string;
  #shop: Door;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookies: BrowserCookies;
  readonly #sees: (seen: Seen) => void;
  /** Where the shop was when it was last asked, as a browser names it. */
  #origin = 'http://localhost';

  /**
   * @param headers what goes along with each request: of a proxy in between, or lies
   * @param sees hears of each request that was answered
   */
  constructor(
    name: string,
    shop: Door,
    headers: Readonly<Record<string, string>> = {},
    sees: (seen: Seen) => void = () => {},
  ) {
    this.name = name;
    this.#sees = sees;
    this.#shop = shop;
    this.#headers = headers;
    // A cookie ends by the check's clock, not by the machine's.
    this.#cookies = new BrowserCookies(() => this.#shop.clock.now().getTime());
  }

  /** What this browser keeps. */
  get cookies(): BrowserCookies {
    return this.#cookies;
  }

  /** Goes on at another shop of this host, with the same cookies. */
  goesTo(shop: Door): void {
    this.#shop = shop;
  }

  /** GET a page; the shop's front page when none is named. */
  visits(path = '/'): Promise<Exchange> {
    return this.#request('GET', path);
  }

  opensCart(): Promise<Exchange> {
    return this.#request('GET', '/cart');
  }

  /** Presses "Add to cart" of a product. */
  adds(product: string): Promise<Exchange> {
    return this.#request('POST', '/cart', { product });
  }

  /** Submits a form. */
  posts(path: string, fields: Record<string, string> = {}): Promise<Exchange> {
    return this.#request('POST', path, fields);
  }

  /** Submits a form that the shop may well refuse: a page that says no (4xx) is an answer too. */
  tries(path: string, fields: Record<string, string> = {}): Promise<Exchange> {
    return this.#request('POST', path, fields, { broken: 500 });
  }

  /** GET a page, or with fields submits a form, and takes what comes: an error page is an answer too. */
  asks(path: string, fields?: Record<string, string>): Promise<Exchange> {
    return this.#request(fields ? 'POST' : 'GET', path, fields, { broken: 600 });
  }

  /**
   * Follows a redirect, and those after it, as a browser does.
   * @returns the page where they end; the exchange itself when it is no redirect
   * @throws StepFailure when they lead to no page of this shop: that is a broken link
   */
  async lands(exchange: Exchange, context: RequestContext = {}): Promise<Exchange> {
    let page = exchange;
    for (let followed = 0; ; followed++) {
      const next = nextOf(page, this.#origin);
      if (!next) return page;
      const sent = `${page.sent}\nanswered by ${page.status} to ${page.headers.location}`;
      const doubt = { sent, look: [/redirect/i] };
      if (followed === 20)
        throw new StepFailure({ ...doubt, got: 'a redirect after the 20th redirect', likely: TOO_MANY });
      if (next.url.origin !== this.#origin)
        throw new StepFailure({
          ...doubt,
          got: `a redirect to ${next.url.origin}, which is not this shop`,
          likely: LEADS_AWAY,
        });
      page = await this.#request(next.method, next.url.pathname + next.url.search, next.fields, {
        context,
        from: page,
      });
    }
  }

  /** The session cookie: the one in the jar that express-session signed, whatever its name and path. */
  sessionCookie(): { name: string; value: string } | undefined {
    return this.#cookies
      .all()
      .map(({ key, value }) => ({ name: key, value: decoded(value) }))
      .find(({ value }) => value.startsWith('s:'));
  }

  /**
   * The session ID in the cookie.
   * @param secret undefined takes the ID without looking at its signature
   * @returns undefined without a session cookie, or when it is not signed with that secret
   */
  sessionId(secret?: string): string | undefined {
    const value = this.sessionCookie()?.value;
    return value === undefined ? undefined : sessionIdIn(value, secret);
  }

  /** Puts a cookie into the jar, as a forger would: no rule of a browser is asked. */
  carries(name: string, value: string): void {
    this.#cookies.put(name, encodeURIComponent(value), this.#origin);
  }

  /** GET a page and take what comes: a page, an error page (both true), or no answer at all (false). */
  async isAnswered(path: string): Promise<boolean> {
    const url = await this.#shop.opened();
    return sendRequest(new URL(path, url), { method: 'GET', limit: this.#shop.patience.limit }).then(
      () => true,
      () => false,
    );
  }

  /** What is sent when these fields of a form are filled in. A browser also sends what the page has hidden in the form. */
  async fills(_path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    return fields;
  }

  /** @param broken the status from which on an answer is none, and fails the step */
  async #request(
    method: string,
    path: string,
    filledIn?: Record<string, string>,
    { broken = 400, context = {}, from }: { broken?: number; context?: RequestContext; from?: Exchange } = {},
  ): Promise<Exchange> {
    const wire = new URL(await this.#shop.opened());
    const isTls = this.#headers['X-Forwarded-Proto'] === 'https';
    this.#origin = `${isTls ? 'https' : 'http'}://localhost:${wire.port}`;
    const fields = filledIn && (await this.fills(path, filledIn));
    const form = fields ? String(new URLSearchParams(fields)) : '';
    const url = new URL(path, this.#origin);
    const cookie = this.#cookies.header(url, { ...context, method });
    const headers = Object.entries(this.#headers).map((header) => `${header.join(': ')}\n`);
    const sent = `${`${method} ${path} ${form}`.trim()}\n${headers.join('')}${cookie ? `Cookie: ${shortened(cookie)}` : 'no Cookie'}`;
    const printedBefore = this.#shop.printed;
    try {
      const answer = await sendRequest(new URL(path, wire), {
        method,
        headers: {
          Host: url.host,
          ...this.#headers,
          ...(fields && { 'Content-Type': 'application/x-www-form-urlencoded' }),
          ...(fields && { 'Content-Length': String(Buffer.byteLength(form)) }),
          ...(cookie && { Cookie: cookie }),
        },
        ...(fields && { body: form }),
        limit: this.#shop.patience.limit,
      });
      const dropped = this.#cookies.take(answer.setCookieLines, url, { ...context, method });
      const exchange = new Exchange(sent, { ...answer, dropped, fields: filledIn, after: from });
      this.#sees({ exchange, port: answer.port, shop: this.#shop, shopper: this });
      if (exchange.status >= broken) throw await this.#shop.refusal(exchange, printedBefore);
      return exchange;
    } catch (error) {
      if (error instanceof StepFailure) throw error;
      throw await this.#shop.silence(sent, error as Error);
    }
  }
}
