import { unsign } from 'cookie-signature';
import { Cookie } from 'tough-cookie';
import { unescaped } from '../../shared/html.ts';
import type { DroppedCookie } from './browser-cookies.ts';

/** One line of a cart, as the cart page shows it. */
export interface ShownLine {
  readonly product: string;
  readonly quantity: number;
}

/** What came back, and what a browser makes of it. */
interface Answer extends Pick<Exchange, 'status' | 'headers' | 'setCookieLines' | 'body'> {
  readonly dropped?: readonly DroppedCookie[];
  readonly fields?: Record<string, string> | undefined;
  readonly after?: Exchange | undefined;
}

/** A Set-Cookie as it came. */
export interface ReceivedCookie {
  readonly name: string;
  /** URL-decoded. */
  readonly value: string;
  readonly path: string | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** 'strict', 'lax', 'none'; undefined when it has no value that a browser knows. */
  readonly sameSite: string | undefined;
  readonly expires?: Date;
}

/** A request that a shopper made, and what came back. */
export class Exchange {
  /** 'POST /cart product=mug' and, on a second line, the cookies that went along. */
  readonly sent: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookieLines: readonly string[];
  /** The Set-Cookie lines that a browser throws away, each with its rule. */
  readonly dropped: readonly DroppedCookie[];
  readonly body: string;
  /** The form's fields; undefined for a page by GET. */
  readonly fields: Record<string, string> | undefined;
  /** The redirect that led here; undefined when the shopper followed none. */
  readonly after: Exchange | undefined;

  constructor(sent: string, response: Answer) {
    this.dropped = response.dropped ?? [];
    this.fields = response.fields;
    this.after = response.after;
    this.sent = sent;
    this.status = response.status;
    this.headers = response.headers;
    this.setCookieLines = response.setCookieLines;
    this.body = response.body;
  }

  /** The cookies that came back, also those that a browser throws away. */
  get cookies(): ReceivedCookie[] {
    return this.setCookieLines.flatMap((line) => {
      const cookie = Cookie.parse(line, { loose: true });
      if (!cookie) return [];
      const { key: name, value, path, secure, httpOnly, sameSite, expires } = cookie;
      const end = expires instanceof Date ? { expires } : {};
      return [{ name, value: decoded(value), path, secure, httpOnly, sameSite, ...end }];
    });
  }

  /** The Set-Cookie of that name; undefined when none came. */
  setCookie(name: string): ReceivedCookie | undefined {
    return this.cookies.find((cookie) => cookie.name === name);
  }

  /** The session cookie that came back: the one that express-session signed, whatever its name. */
  get sessionCookie(): ReceivedCookie | undefined {
    return this.cookies.find(({ value }) => value.startsWith('s:'));
  }

  /** The lines of the cart page. */
  get cart(): ShownLine[] {
    const lines = this.body.matchAll(/data-product="([^"]*)"\s+data-quantity="(\d+)"/g);
    return [...lines].map(([, product = '', quantity]) => ({ product, quantity: Number(quantity) }));
  }

  /** The ID of the user whose account page it is; empty when nobody is logged in, undefined when it is another page. */
  get account(): string | undefined {
    return this.body.match(/data-user="([^"]*)"/)?.[1];
  }

  /** What the footer says about how the request came, by what the shop believes: 'https from 203.0.113.7'. */
  get way(): string | undefined {
    const [, protocol, ip] = this.body.match(/data-protocol="([^"]*)" data-ip="(?:::ffff:)?([^"]*)"/) ?? [];
    return protocol && `${protocol} from ${ip}`;
  }

  /** The message that the page shows once, at its top; undefined when it shows none. */
  get flash(): string | undefined {
    const [, html] = this.body.match(/<p class="flash"[^>]*>([^<]*)</) ?? [];
    return html === undefined ? undefined : unescaped(html);
  }

  /** What came back, in a few words: status, where to, cart, account, message, and which cookies. */
  get got(): string {
    const cart =
      this.sent.startsWith('GET /cart') && this.status === 200 ? `, ${describeCart(this.cart)}` : '';
    const account = this.account === undefined ? '' : `, the account page of ${this.account || 'nobody'}`;
    const flash = this.flash === undefined ? '' : `, the message "${this.flash}"`;
    const where = this.headers.location ? ` to ${this.headers.location}` : '';
    const cookies = this.setCookieLines.length
      ? this.setCookieLines.map((line) => `Set-Cookie: ${shortened(line)}${this.#fateOf(line)}`)
      : ['no Set-Cookie'];
    return [`${this.status}${where}${cart}${account}${flash}`, ...cookies].join('\n');
  }

  #fateOf(line: string): string {
    const dropped = this.dropped.find((each) => each.line === line);
    return dropped ? `\na browser throws it away: ${dropped.rule}` : '';
  }
}

/** 'a cart with 2 × mug, 1 × teapot', 'an empty cart'. */
export function describeCart(cart: readonly ShownLine[]): string {
  if (cart.length === 0) return 'an empty cart';
  return `a cart with ${cart.map((line) => `${line.quantity} × ${line.product}`).join(', ')}`;
}

/** A cookie header or Set-Cookie line with the session's value shortened: its start is enough to tell it apart. */
export function shortened(line: string): string {
  return line.replace(/(=s%3A[\w-]{12})[^;\s]+/g, '$1…');
}

/**
 * The session ID in a signed cookie's value.
 * @param value as in Cookie and Set-Cookie, URL-decoded: 's:<id>.<signature>'
 * @param secret undefined takes the ID without looking at its signature
 * @returns undefined when it is not signed with that secret
 */
export function sessionIdIn(value: string, secret?: string): string | undefined {
  if (!value.startsWith('s:')) return undefined;
  if (secret === undefined) return value.slice(2, value.lastIndexOf('.'));
  const id = unsign(value.slice(2), secret);
  return id === false ? undefined : id;
}

/** URL-decoded, where it can be. */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
