import supertest from 'supertest';
import { StepFailure } from './check.ts';
import { Exchange, sessionIdIn, shortened } from './exchange.ts';
import type { RunningShop } from './running-shop.ts';

/** A browser in a test: a cookie jar with a name. It does not follow redirects: each answer is looked at. */
export class Shopper {
  readonly name: string;
  readonly #shop: RunningShop;
  readonly #jar = supertest.agent('').jar;
  #url = '';

  constructor(name: string, shop: RunningShop) {
    this.name = name;
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
    return this.#request('POST', path, fields, 500);
  }

  /** The session cookie: the one in the jar that express-session signed, whatever its name. */
  sessionCookie(): { name: string; value: string } | undefined {
    return this.#cookies()
      .map(({ name, value }) => ({ name, value: decodeURIComponent(value) }))
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

  /** Puts a cookie into the jar, as a forger would. */
  carries(name: string, value: string): void {
    this.#jar.setCookie(`${name}=${encodeURIComponent(value)}; Path=/`, this.#access().domain, '/');
  }

  /** GET a page and take what comes: a page, an error page (both true), or no answer at all (false). */
  async isAnswered(path: string): Promise<boolean> {
    const url = await this.#shop.opened();
    return supertest(url)
      .get(path)
      .ok(() => true)
      .timeout(this.#shop.patience.limit)
      .then(
        () => true,
        () => false,
      );
  }

  /** @param broken the status from which on an answer is none, and fails the step */
  async #request(
    method: 'GET' | 'POST',
    path: string,
    fields?: Record<string, string>,
    broken = 400,
  ): Promise<Exchange> {
    this.#url = await this.#shop.opened();
    const agent = supertest(this.#url);
    const request = method === 'GET' ? agent.get(path) : agent.post(path).type('form').send(fields);
    const cookie = this.#cookies()
      .map((each) => each.toValueString())
      .join('; ');
    if (cookie) request.set('Cookie', cookie);
    const form = fields && Object.keys(fields).length > 0 ? ` ${new URLSearchParams(fields)}` : '';
    const sent = `${method} ${path}${form}\n${cookie ? `Cookie: ${shortened(cookie)}` : 'no Cookie'}`;
    const printedBefore = this.#shop.printed;
    try {
      const response = await request
        .redirects(0)
        .ok(() => true)
        .timeout(this.#shop.patience.limit);
      const { 'set-cookie': lines = [], ...headers } = response.headers;
      this.#jar.setCookies([lines].flat(), this.#access().domain, path);
      const exchange = new Exchange(sent, {
        status: response.status,
        headers,
        setCookieLines: [lines].flat(),
        body: response.text ?? '',
      });
      if (response.status >= broken) throw await this.#shop.refusal(exchange, printedBefore);
      return exchange;
    } catch (error) {
      if (error instanceof StepFailure) throw error;
      throw await this.#shop.silence(sent, error as Error);
    }
  }

  /** What this jar sends to the shop's front page. A cookie ends by the check's clock, not by the machine's. */
  #cookies() {
    const now = this.#shop.clock.now().getTime();
    return [...this.#jar.getCookies(this.#access())].filter((cookie) => cookie.expiration_date > now);
  }

  #access() {
    return { domain: new URL(this.#url).hostname, path: '/', secure: false, script: false };
  }
}
