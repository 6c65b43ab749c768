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

  /** @param now the time for this browser, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#cookies = new BrowserCookies(now);
  }

  /** Takes Set-Cookie lines. @returns those that a browser throws away, each with the reason */
  take(lines: readonly string[], url: URL): { line: string; why: string }[] {
    return this.#cookies.take(lines, url).map(({ line, rule }) => ({ line, why: rule }));
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
    const jar = new CookieJar(this.#now);
    for (const cookie of this.#cookies.all()) jar.take([cookie.toString()], url);
    return jar;
  }
}

const kept = ({ key, value, expires }: Cookie): KeptCookie => ({
  name: key,
  value,
  endsAt: expires instanceof Date ? expires.getTime() : undefined,
});
