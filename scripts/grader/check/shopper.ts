import { parseSetCookie } from 'set-cookie-parser';
import supertest from 'supertest';
import { Exchange, sessionIdIn, shortened } from './exchange.ts';
import { StepFailure } from './failure.ts';
import type { RunningShop } from './running-shop.ts';

/** What a TLS proxy in front of the shop says of each request: how it came, and from where. */
export const THROUGH_TLS_PROXY = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.7',
} as const;

/** What a shopper visits: a shop, or several instances of one behind a balancer. */
export type Door = Pick<RunningShop, 'opened' | 'patience' | 'clock' | 'printed' | 'refusal' | 'silence'>;

/** A browser in a test: a cookie jar with a name. It does not follow redirects: each answer is looked at. */
export class Shopper {
  readonly name: string;
  #shop: Door;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #jar = supertest.agent('').jar;
  #url = '';

  /** @param headers what goes along with each request: of a proxy in between, or lies */
  constructor(name: string, shop: Door, headers: Readonly<Record<string, string>> = {}) {
    this.name = name;
    this.#shop = shop;
    this.#headers = headers;
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
    return this.#request('POST', path, fields, 500);
  }

  /** GET a page, or with fields submits a form, and takes what comes: an error page is an answer too. */
  asks(path: string, fields?: Record<string, string>): Promise<Exchange> {
    return this.#request(fields ? 'POST' : 'GET', path, fields, 600);
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

  /** What is sent when these fields of a form are filled in. A browser also sends what the page has hidden in the form. */
  async fills(_path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    return fields;
  }

  /** @param broken the status from which on an answer is none, and fails the step */
  async #request(
    method: 'GET' | 'POST',
    path: string,
    filledIn?: Record<string, string>,
    broken = 400,
  ): Promise<Exchange> {
    this.#url = await this.#shop.opened();
    const fields = filledIn && (await this.fills(path, filledIn));
    const agent = supertest(this.#url);
    const request = method === 'GET' ? agent.get(path) : agent.post(path).type('form').send(fields);
    const cookie = this.#cookies()
      .map((each) => each.toValueString())
      .join('; ');
    request.set(this.#headers);
    if (cookie) request.set('Cookie', cookie);
    const form = fields && Object.keys(fields).length > 0 ? ` ${new URLSearchParams(fields)}` : '';
    const headers = Object.entries(this.#headers).map((header) => `${header.join(': ')}\n`);
    const sent = `${method} ${path}${form}\n${headers.join('')}${cookie ? `Cookie: ${shortened(cookie)}` : 'no Cookie'}`;
    const printedBefore = this.#shop.printed;
    try {
      const response = await request
        .redirects(0)
        .ok(() => true)
        .timeout(this.#shop.patience.limit);
      const { 'set-cookie': lines = [], ...headers } = response.headers;
      this.#jar.setCookies([lines].flat().filter(isAccepted), this.#access().domain, path);
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
    return {
      domain: new URL(this.#url).hostname,
      path: '/',
      secure: this.#headers['X-Forwarded-Proto'] === 'https',
      script: false,
    };
  }
}

/** A browser throws a cookie away whose name promises more than its flags keep (RFC 6265bis, section 4.1.3). */
function isAccepted(line: string): boolean {
  const [{ name = '', secure, path, domain } = {}] = parseSetCookie(line);
  if (name.startsWith('__Host-')) return secure === true && path === '/' && domain === undefined;
  return !name.startsWith('__Secure-') || secure === true;
}
