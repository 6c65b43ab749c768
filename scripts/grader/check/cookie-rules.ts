import { type Cookie, defaultPath, domainMatch, getPublicSuffix, pathMatch } from 'tough-cookie';

/** How a request comes about. Default: the shopper's own click or typed address, for a page, by GET. */
export interface RequestContext {
  readonly method?: string;
  /** The page that asks belongs to another site: it has the link, the form, or what is embedded. */
  readonly fromOtherSite?: boolean;
  /** It loads a part of a page, such as a picture or a frame, and not the page itself. */
  readonly embedded?: boolean;
}

/** A Set-Cookie that arrives: from where, and what the browser has already. */
export interface Arrival extends RequestContext {
  readonly url: URL;
  readonly kept: readonly Cookie[];
}

/** Name and value together, in bytes. */
const MOST_BYTES = 4096;
/** In characters. A browser ignores longer attributes. */
const MOST_ATTRIBUTE = 1024;

/**
 * The rule by which Chromium throws a cookie away; undefined when it takes it.
 * @param line the Set-Cookie as it came
 */
export function refusalOf(cookie: Cookie, line: string, arrival: Arrival): string | undefined {
  const { key, value, secure, sameSite } = cookie;
  const { url, kept } = arrival;
  if (!key && !value) return 'a cookie has a name or a value';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(line)) return 'no control characters in a cookie';
  if (Buffer.byteLength(key + value) > MOST_BYTES) return `name and value have at most ${MOST_BYTES} bytes`;
  const domain = refusedDomain(cookie, url.hostname);
  if (domain) return domain;
  if (secure && !isTrustworthy(url)) return 'Secure is for https: this answer came by http';
  const prefix = refusedPrefix(cookie, line, url);
  if (prefix) return prefix;
  if (sameSite === 'none' && !secure) return 'SameSite=None needs Secure';
  if (isPartitioned(cookie) && !secure) return 'Partitioned needs Secure';
  if (arrival.fromOtherSite && arrival.embedded && sameSite !== 'none')
    return 'without SameSite=None no cookie is taken by what another site embeds';
  if (!isTrustworthy(url) && kept.some((old) => old.secure && stands(old, cookie, url)))
    return 'a Secure cookie of this name is not replaced by http';
  return undefined;
}

function refusedDomain({ domain }: Cookie, host: string): string | undefined {
  if (!domain || domain === host) return undefined;
  if (!URL.canParse(`http://${domain}`)) return `Domain=${domain} is no name of a host`;
  if (!domainMatch(host, domain)) return `Domain=${domain} is not this host (${host}), nor a domain above it`;
  if (!getPublicSuffix(domain, { allowSpecialUseDomain: false, ignoreError: true }))
    return `Domain=${domain} belongs to everybody`;
  return undefined;
}

/** The rule of RFC 6265bis, "Cookie Name Prefixes", that a cookie's name breaks: its attributes do not keep what the prefix promises. */
function refusedPrefix(cookie: Cookie, line: string, url: URL): string | undefined {
  const { key, value, secure, httpOnly, domain } = cookie;
  const [prefix] = /^__(?:host-http|secure|host|http)-/i.exec(key || value) ?? [];
  if (!prefix) return undefined;
  // '=__Host-a=1' has no name: the jar would take the second part for one.
  if (!key || /^\s*=/.test(line)) return 'a cookie without a name may not look like one with a prefix';
  if (!secure || !isTrustworthy(url)) return `${prefix} in front of a name needs Secure`;
  if (/http-/i.test(prefix) && !httpOnly) return `${prefix} in front of a name needs HttpOnly`;
  if (!/^__host/i.test(prefix)) return undefined;
  // The jar fills a path in where none was written.
  const isRoot = /;\s*path\s*=\s*\/\s*(?:;|$)/i.test(line);
  return domain || !isRoot ? `${prefix} in front of a name needs Path=/ and no Domain` : undefined;
}

const isPartitioned = ({ extensions }: Cookie) => extensions?.some((each) => /^partitioned$/i.test(each));

/** Whether an old cookie would be sent to where the new one goes. */
function stands(old: Cookie, cookie: Cookie, url: URL): boolean {
  if (old.key !== cookie.key) return false;
  const domain = cookie.domain ?? url.hostname;
  const path = cookie.path ?? defaultPath(url.pathname);
  const near = domainMatch(old.domain ?? '', domain) || domainMatch(domain, old.domain ?? '');
  return !!near && pathMatch(path, old.path ?? '/');
}

/** https, or this machine itself, to which Secure cookies go by http as well. */
function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** The line without attributes that are too long for a browser. */
export function withoutLongAttributes(line: string): string {
  const [pair = '', ...attributes] = line.split(';');
  const short = attributes.filter((each) => (each.split('=')[1] ?? '').trim().length <= MOST_ATTRIBUTE);
  return [pair, ...short].join(';');
}

/** How long a cookie without SameSite still goes along with a form of another site, in milliseconds. */
const LAX_GRACE = 2 * 60 * 1000;

/**
 * The rule by which a cookie is not sent although domain and path allow it; undefined when it is sent.
 * @param now in milliseconds
 */
export function staysHome(cookie: Cookie, context: RequestContext, now: number): string | undefined {
  const { sameSite, lastAccessed } = cookie;
  if (!context.fromOtherSite || sameSite === 'none') return undefined;
  if (sameSite === 'strict') return 'SameSite=Strict: not to a request from another site';
  if (context.embedded) return 'SameSite=Lax: not to what another site embeds';
  if (/^(?:GET|HEAD|OPTIONS)$/i.test(context.method ?? 'GET')) return undefined;
  // Chromium is lenient with a young cookie that does not say Lax itself, for logins that come back by a form.
  if (sameSite !== 'lax' && now - Number(lastAccessed) < LAX_GRACE) return undefined;
  return 'SameSite=Lax: not to a form of another site';
}
