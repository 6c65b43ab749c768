import { BrowserCookies, type RequestContext } from './browser-cookies.ts';
import { decoded, Exchange, sessionIdIn, shortened } from './exchange.ts';
import { StepFailure } from './failure.ts';
import { circleOf, LEADS_AWAY, nextOf, TOO_MANY } from './redirects.ts';
import type { RunningShop } from './running-shop.ts';
import { sendRequest } from './send-request.ts';

/** The headers that a TLS proxy in front of the shop adds to each request: how it came, and from where. */
export const THROUGH_TLS_PROXY = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.7',
} as const;

/** What a shopper visits: a shop, or several instances of one behind a balancer. */
export type VisitedShop = Pick<
  RunningShop,
  'opened' | 'timeLimits' | 'clock' | 'printed' | 'refusal' | 'silence'
> & {
  /** Asks what was seen of the sessions; undefined where it is not known which process answered. */
  readonly sessionFacts?: RunningShop['sessionFacts'];
};

/** One request of a step: evidence for the cause of a failure. */
export interface Seen {
  readonly exchange: Exchange;
  /** When it was sent, in milliseconds, by the clock of the check. */
  readonly sentAt: number;
  /** The port that it was asked from. */
  readonly port: number;
  readonly shop: VisitedShop;
  readonly shopper: Shopper;
}

/**
 * A browser in a test, with a name. It keeps and sends cookies as Chromium does, and finds the shop at localhost. A redirect is an answer
 * like any other, until the shopper follows it: `lands`.
 */
export class Shopper {
  readonly name: string;
  #shop: VisitedShop;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookies: BrowserCookies;
  readonly #sees: (seen: Seen) => void;
  /** Where the shop was when it was last asked, as a browser names it. */
  #origin = 'http://localhost';

  /**
   * @param headers added to each request: those of a proxy, or forged ones
   * @param sees called with each request that was answered
   */
  constructor(
    name: string,
    shop: VisitedShop,
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

  /** Visits another shop of this host from now on, with the same cookies. */
  goesTo(shop: VisitedShop): void {
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

  /** Submits a form that the shop may refuse: a page that says no (4xx) is an answer too. */
  tries(path: string, fields: Record<string, string> = {}): Promise<Exchange> {
    return this.#request('POST', path, fields, { broken: 500 });
  }

  /** GET a page, or with fields submits a form. An error page is an answer too. */
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
      const details = { sent, look: [/redirect/i] };
      if (followed === 20)
        throw new StepFailure({
          ...details,
          got: `a redirect after the 20th redirect: ${circleOf(page)}`,
          likely: TOO_MANY,
        });
      if (next.url.origin !== this.#origin)
        throw new StepFailure({
          ...details,
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

  /** Puts a cookie into the jar, as a forger would: no rule of a browser applies. */
  carries(name: string, value: string): void {
    this.#cookies.put(name, encodeURIComponent(value), this.#origin);
  }

  /** GET a page. Returns what came: a page, an error page (both true), or no answer at all (false). */
  async isAnswered(path: string): Promise<boolean> {
    const url = await this.#shop.opened();
    return sendRequest(new URL(path, url), { method: 'GET', limit: this.#shop.timeLimits.responseMs }).then(
      () => true,
      () => false,
    );
  }

  /** What is sent when these fields of a form are filled in. A browser also sends what the page has hidden in the form. */
  async fills(_path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    return fields;
  }

  /** @param broken the lowest status that fails the step */
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
    const sentAt = this.#shop.clock.now().getTime();
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
        limit: this.#shop.timeLimits.responseMs,
      });
      const dropped = this.#cookies.take(answer.setCookieLines, url, { ...context, method });
      const exchange = new Exchange(sent, { ...answer, dropped, fields: filledIn, after: from });
      this.#sees({ exchange, sentAt, port: answer.port, shop: this.#shop, shopper: this });
      if (exchange.status >= broken) throw await this.#shop.refusal(exchange, printedBefore);
      return exchange;
    } catch (error) {
      if (error instanceof StepFailure) throw error;
      throw await this.#shop.silence(sent, error as Error, printedBefore);
    }
  }
}
