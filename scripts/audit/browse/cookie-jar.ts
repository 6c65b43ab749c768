import { BrowserCookies, type Cookie } from '#grader/check/browser-cookies.ts';

/** A cookie as a browser keeps it. */
export interface KeptCookie {
  readonly name: string;
  /** As received. */
  readonly value: string;
  /** When it ends, in milliseconds of the browser's clock; undefined when it ends with the browser. */
  readonly endsAt: number | undefined;
}

/** The cookies of one browser of the audit. */
export class CookieJar {
  readonly #now: () => number;
  readonly #cookies: BrowserCookies;
  readonly #isLenient: boolean;

  /**
   * @param now the time for this browser, in milliseconds
   * @param isLenient whether it keeps cookies with SameSite=None that are not Secure
   */
  constructor(now: () => number, isLenient = false) {
    this.#now = now;
    this.#isLenient = isLenient;
    this.#cookies = new BrowserCookies(now);
  }

  /** Takes Set-Cookie lines. @returns those that a browser throws away, each with the reason */
  take(lines: readonly string[], url: URL): { line: string; why: string }[] {
    const refused = this.#cookies.take(lines, url);
    if (this.#isLenient)
      this.#cookies.take(
        refused.map(({ line }) => line.replace(CROSS_SITE, '')),
        url,
      );
    return refused.map(({ line, rule }) => ({ line, why: rule }));
  }

  /** The cookies for a request. */
  sentTo(url: URL): KeptCookie[] {
    return this.#cookies.sentTo(url).map(kept);
  }

  /** The cookie of that name, for any path. */
  get(name: string): KeptCookie | undefined {
    const cookie = this.#cookies.all().find(({ key }) => key === name);
    return cookie && kept(cookie);
  }

  /** Another browser with the same cookies: a thief's, or a tab that does not know of a change. */
  copy(url: URL): CookieJar {
    const jar = new CookieJar(this.#now, this.#isLenient);
    for (const cookie of this.#cookies.all()) jar.take([cookie.toString()], url);
    return jar;
  }
}

const CROSS_SITE = /;\s*SameSite=None\b/i;

const kept = ({ key, value, expires }: Cookie): KeptCookie => ({
  name: key,
  value,
  endsAt: expires instanceof Date ? expires.getTime() : undefined,
});
