import { Cookie } from 'tough-cookie';

/** An attribute of a Set-Cookie line, and what a browser does because of it. */
export interface ExplainedAttribute {
  /** 'HttpOnly', 'Path=/' */
  readonly text: string;
  readonly means: string;
  /** Where the stored session has the same value: 'cookie.httpOnly'. */
  readonly storedAs?: string;
}

const SAME_SITE: Readonly<Record<string, string>> = {
  strict: 'sent only when the request comes from a page of this site; not even with a link from elsewhere',
  lax: 'sent with links from other sites, not with their forms and pictures',
  none: 'sent with every request, also those of other sites; browsers then ask for Secure',
};

/** Explains each attribute of a Set-Cookie line, and those that are missing where that matters. @param now of the shop's clock, in milliseconds */
export function explainSetCookie(line: string, now: number): ExplainedAttribute[] {
  const cookie = Cookie.parse(line, { loose: true });
  if (!cookie) return [];
  const { path, domain, httpOnly, secure, sameSite } = cookie;
  const expires = cookie.expires instanceof Date ? cookie.expires : undefined;
  const maxAge = cookie.maxAge ?? undefined;
  const ends = expires ? describeEnd(expires.getTime() - now) : '';
  return [
    !path
      ? { text: 'no Path', means: 'sent to the folder of the page that set it, and below' }
      : {
          text: `Path=${path}`,
          means: path === '/' ? 'sent to every page of the shop' : `sent to ${path} and below`,
          storedAs: 'cookie.path',
        },
    ...(domain
      ? [
          {
            text: `Domain=${domain}`,
            means: `sent to ${domain} and all its subdomains`,
            storedAs: 'cookie.domain',
          },
        ]
      : []),
    ...(maxAge !== undefined
      ? [{ text: `Max-Age=${maxAge}`, means: `ends in ${maxAge} seconds`, storedAs: 'cookie.originalMaxAge' }]
      : []),
    ...(expires
      ? [{ text: `Expires=${expires.toUTCString()}`, means: ends, storedAs: 'cookie.expires' }]
      : []),
    ...(maxAge === undefined && !expires
      ? [{ text: 'no Expires', means: 'ends when the browser is closed', storedAs: 'cookie.expires' }]
      : []),
    httpOnly
      ? { text: 'HttpOnly', means: 'scripts of the page cannot read it', storedAs: 'cookie.httpOnly' }
      : {
          text: 'no HttpOnly',
          means: 'every script of the page can read it, also an injected one',
          storedAs: 'cookie.httpOnly',
        },
    secure
      ? { text: 'Secure', means: 'sent by https only, and to this machine itself', storedAs: 'cookie.secure' }
      : {
          text: 'no Secure',
          means: 'also sent by plain http, where everybody on the way reads it',
          storedAs: 'cookie.secure',
        },
    sameSite
      ? {
          text: `SameSite=${sameSite}`,
          means: SAME_SITE[sameSite.toLowerCase()] ?? 'a word that browsers do not know: Lax',
          storedAs: 'cookie.sameSite',
        }
      : {
          text: 'no SameSite',
          means: 'browsers take it for Lax, Chromium not in its first two minutes',
          storedAs: 'cookie.sameSite',
        },
  ];
}

/** A time from now in words: 'ends in 29 min 58 s', 'ended 3 s ago: the browser deletes it'. */
function describeEnd(ms: number): string {
  return ms > 0 ? `ends in ${duration(ms)}` : `ended ${duration(-ms)} ago: the browser deletes it`;
}

/** '14 days', '29 min 58 s', '3 s'. @param ms milliseconds */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const units = [
    ['days', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  let left = seconds;
  return units
    .slice(first, first + 2)
    .map(([unit, size]) => {
      const count = Math.floor(left / size);
      left -= count * size;
      return count ? `${count} ${unit === 'days' && count === 1 ? 'day' : unit}` : '';
    })
    .filter(Boolean)
    .join(' ');
}
