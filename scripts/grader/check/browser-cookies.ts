import { Cookie, CookieJar, defaultPath, MemoryCookieStore } from 'tough-cookie';
import { type RequestContext, refusalOf, staysHome, withoutLongAttributes } from './cookie-rules.ts';

export type { Cookie } from 'tough-cookie';
export type { RequestContext } from './cookie-rules.ts';

/** A Set-Cookie line that the browser did not take, and the rule that says so. */
export interface DroppedCookie {
  readonly line: string;
  readonly name: string;
  /** 'SameSite=None needs Secure' */
  readonly rule: string;
}

/** How long a browser keeps a cookie at most, in milliseconds: 400 days, whatever the cookie says. */
const MOST_AGE = 400 * 24 * 60 * 60 * 1000;

/**
 * The cookies of one browser. tough-cookie parses and keeps them, and matches domain and path; what Chromium asks beyond that is in
 * cookie-rules.ts. A browser test compares both with a real Chromium.
 */
export class BrowserCookies {
  readonly #store = new MemoryCookieStore();
  // Wrong prefixes and public suffixes are refused before the jar gets them, each with its rule.
  readonly #jar = new CookieJar(this.#store, {
    prefixSecurity: 'unsafe-disabled',
    rejectPublicSuffixes: false,
    allowSecureOnLocal: true,
    looseMode: true,
  });
  readonly #now: () => number;

  /** @param now what time it is for this browser, in milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Takes the Set-Cookie lines of an answer.
   * @param url of the request that was answered
   * @returns the lines that a browser throws away, each with its rule
   */
  take(lines: readonly string[], url: string | URL, context: RequestContext = {}): DroppedCookie[] {
    return lines.flatMap((line) => {
      const cookie = Cookie.parse(withoutLongAttributes(line), { loose: true });
      const arrival = { ...context, url: new URL(url), kept: this.all() };
      const rule = cookie ? refusalOf(cookie, line, arrival) : 'a cookie has a name or a value';
      if (cookie && !rule) this.#keep(cookie, arrival.url);
      return rule ? [{ line, name: cookie?.key ?? '', rule }] : [];
    });
  }

  #keep(cookie: Cookie, url: URL): void {
    // A domain that stands alone, like localhost, and an address are the host's own.
    if (cookie.domain === url.hostname && !/[^\d.].*\.|\..*[^\d.]/.test(url.hostname)) cookie.domain = null;
    const now = this.#now();
    const domain = cookie.domain ?? url.hostname;
    const path = cookie.path ?? defaultPath(url.pathname);
    const [old] = this.all().filter(
      (each) => each.domain === domain && each.path === path && each.key === cookie.key,
    );
    // With another value it is a new cookie to Chromium, and goes behind the others.
    if (old && old.value !== cookie.value) this.#remove(old);
    const kept = this.#jar.setCookieSync(cookie, url.href, { now: new Date(now) });
    if (!kept) return;
    // By the clock of this browser, which is not always the machine's.
    const end = endOf(kept, now);
    kept.maxAge = null;
    kept.expires = end === undefined ? 'Infinity' : new Date(end);
    if (end !== undefined && end <= now) this.#remove(kept);
  }

  /** Puts a cookie there for all paths of a host, without asking any rule, as the tools of a browser do. */
  put(name: string, value: string, url: string | URL): void {
    this.delete(name);
    const cookie = new Cookie({ key: name, value, path: '/', httpOnly: true });
    this.#keep(cookie, new URL(url));
  }

  /** The cookies that go along with a request, the one with the longest path first. */
  sentTo(url: string | URL, context: RequestContext = {}): Cookie[] {
    const now = this.#now();
    const cookies = this.#jar.getCookiesSync(String(url), { expire: false, sort: true });
    return cookies.filter((cookie) => !hasEnded(cookie, now) && !staysHome(cookie, context, now));
  }

  /** The Cookie header of a request; empty when no cookie goes along. */
  header(url: string | URL, context: RequestContext = {}): string {
    return this.sentTo(url, context)
      .map((cookie) => cookie.cookieString())
      .join('; ');
  }

  /** All cookies that the browser has, for every host. */
  all(): Cookie[] {
    const kept: Cookie[] = [];
    this.#store.getAllCookies((_error, cookies) => kept.push(...(cookies ?? [])));
    return kept.filter((cookie) => !hasEnded(cookie, this.#now()));
  }

  /** The browser is closed and opened again: cookies that name no end are gone. */
  closeBrowser(): void {
    for (const cookie of this.all()) if (cookie.expires === 'Infinity') this.#remove(cookie);
  }

  /** Deletes the cookies of a name, as the tools of a browser do. */
  delete(name: string): void {
    for (const cookie of this.all()) if (cookie.key === name) this.#remove(cookie);
  }

  #remove({ domain, path, key }: Cookie): void {
    this.#store.removeCookie(domain ?? '', path ?? '/', key, () => {});
  }
}

/** When a cookie that arrives now ends, in milliseconds; undefined when it names no end. */
function endOf({ maxAge, expires }: Cookie, now: number): number | undefined {
  const end =
    typeof maxAge === 'number' ? now + maxAge * 1000 : expires instanceof Date ? +expires : undefined;
  return end === undefined ? undefined : Math.min(end, now + MOST_AGE);
}

function hasEnded({ expires }: Cookie, now: number): boolean {
  return expires instanceof Date && +expires <= now;
}
