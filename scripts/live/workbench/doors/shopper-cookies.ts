import { BrowserCookies, type Cookie, type RequestContext } from '../../../grader/check/browser-cookies.ts';

/** A door's address for the cookies: this machine. Cookies do not know ports. */
const HERE = 'http://127.0.0.1';

/** The cookies of one shopper, as in the checks, and what their owner, or a thief, can do to them by hand. */
export class ShopperCookies extends BrowserCookies {
  /** The Cookie header of a request for a path of the shop; empty when no cookie goes along. */
  headerFor(path: string, context: RequestContext): string {
    return this.header(HERE + path, context);
  }

  /** Takes the Set-Cookie lines of an answer. @returns those that the browser threw away, each with its rule */
  takeFrom(lines: readonly string[], path: string, context: RequestContext) {
    return this.take(lines, HERE + path, context);
  }

  clear(): void {
    for (const { key } of this.all()) this.delete(key);
  }

  /** Gives a cookie another value, URL-encoded, and keeps its attributes. */
  edit(name: string, value: string): void {
    const cookie = this.all().find(({ key }) => key === name);
    if (cookie) cookie.value = value;
    else this.put(name, value, HERE);
  }

  /** Replaces the cookies by those of another shopper, as a thief does. */
  copyFrom(other: ShopperCookies): void {
    this.clear();
    for (const cookie of other.all()) this.takeFrom([cookie.toString()], cookie.path ?? '/', {});
  }
}

/** When a cookie ends, in milliseconds; undefined when it ends with the browser. */
export function endOf({ expires }: Cookie): number | undefined {
  return expires instanceof Date ? expires.getTime() : undefined;
}

/** The attributes of a cookie as text: 'Path=/; HttpOnly'. */
export function attributesOf(cookie: Cookie): string {
  return cookie.toString().split('; ').slice(1).join('; ');
}
