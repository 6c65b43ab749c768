import { type Cause, COOKIE, has, isWithoutCookie, kept, requestOf, SESSION_CALL } from './cause.ts';
import { meaningIn } from './error-meanings.ts';

// Causes of a session that was stored while the next request did not bring its cookie.

/** A cookie that lives for less than this, in milliseconds, is a mistake. */
const NO_TIME = 1000;

export const secureOverHttp: Cause = ({ requests }) => {
  const seen = requests.find(
    (each) =>
      isWithoutCookie(each) &&
      kept(each).length > 0 &&
      each.facts?.cookie?.secure &&
      each.facts.secured === false,
  );
  if (!seen) return undefined;
  const proxied = seen.exchange.sent.includes('X-Forwarded-Proto: https');
  return {
    likely: proxied
      ? "The session is stored, and its cookie never left: it is to be Secure, and to Express this request came by plain http. TLS ended at the proxy, which says so in X-Forwarded-Proto. Express believes it with app.set('trust proxy', …)."
      : 'The session is stored, and its cookie never left: cookie.secure is true, and this request came by plain http. express-session then sends no cookie, without a word. Leave secure out here; lesson 10 sets it where https is.',
    look: [/secure:/, /trust proxy/, ...COOKIE],
  };
};

/** How to mend a cookie that a browser throws away, by the rule that it breaks. */
const MENDS: readonly (readonly [RegExp, string])[] = [
  [/SameSite=None/, 'sameSite: "none" is for a shop in a page of another site. Say "lax", or leave it out.'],
  [/Domain=/, 'Leave domain out: the cookie is then for the host that sent it, whatever its name.'],
  [/in front of a name/, 'Such a name promises those attributes. Give the cookie them, or another name.'],
  [/bytes/, 'What is in the cookie belongs on the server: the cookie needs the session ID alone.'],
  [/Partitioned/, 'Leave partitioned out: it is for a shop in a page of another site.'],
];

export const droppedCookie: Cause = ({ requests }) => {
  const dropped = requests
    .flatMap(({ exchange }) => exchange.dropped)
    .find(({ line }) => /=s(?:%3A|:)/.test(line));
  if (!dropped) return undefined;
  const mend = MENDS.find(([rule]) => rule.test(dropped.rule))?.[1] ?? '';
  return {
    likely: `A browser throws the session cookie away: ${dropped.rule}. ${mend}`.trim(),
    look: [/sameSite:|domain:|partitioned:/, ...COOKIE],
  };
};

export const cookiePath: Cause = ({ requests, calls }) => {
  const path = calls.find(({ cookie }) => cookie.path !== undefined && cookie.path !== '/')?.cookie.path;
  const skipped = requests.find((each) => has(each, 'no session: path'));
  if (path === undefined || !skipped) return undefined;
  return {
    likely: `session() steps aside for ${requestOf(skipped)}: its cookie.path is '${path}', and for addresses that do not begin so there is no req.session. Leave path out, and the cookie is for the whole shop.`,
    look: [/\bpath:/, ...COOKIE],
  };
};

export const maxAgeNoNumber: Cause = ({ requests }) =>
  requests.some((each) => isWithoutCookie(each) && each.facts?.cookie?.expires === null)
    ? {
        likely:
          'The session has no cookie, because its end cannot be computed: cookie.maxAge is NaN, no number. A variable that is not set, or a text that is multiplied, gives that. It is a number of milliseconds.',
        look: [/maxAge/, ...COOKIE],
      }
    : undefined;

export const noTextForId: Cause = ({ requests }) =>
  requests.some((each) => isWithoutCookie(each) && kept(each).length > 0 && each.facts?.hasId === false)
    ? {
        likely:
          'The session has an ID that is no text, and express-session ignores such a session without a word: it stores nothing and sends no cookie. Leave genid out, or have it return a text.',
        look: [/genid/, ...SESSION_CALL],
      }
    : undefined;

/** express-session tells its error handler that a cookie cannot be written, and sends the answer without one. */
export const unwrittenCookie: Cause = ({ requests }) => {
  const seen = requests.find(
    (each) =>
      isWithoutCookie(each) &&
      kept(each).length > 0 &&
      each.facts?.cookie?.expires !== null &&
      /^(?:option|argument|Cookie)\b/.test(each.facts?.error ?? ''),
  );
  const { error = '' } = seen?.facts ?? {};
  return seen
    ? {
        likely:
          `The session is there, and express-session could not write its cookie: ${error}. ${meaningIn(error) ?? ''}`
            .replace('..', '.')
            .trim(),
        look: [/genid|sameSite:|name:/, ...COOKIE],
      }
    : undefined;
};

export const cookieEndsAtOnce: Cause = ({ requests, calls }) => {
  // Counted from when the request was sent: a busy machine may answer late. Without a maxAge that is too short, only an end before that counts.
  const maxAge = calls.find(({ cookie }) => Number(cookie.maxAge) < NO_TIME)?.cookie.maxAge;
  const least = maxAge === undefined ? 0 : NO_TIME;
  // A shopper whose earlier cookie lasted may have their session ended on purpose now.
  const lives = requests.flatMap(({ exchange: { sessionCookie }, sentAt, shopper }) =>
    sessionCookie ? [{ shopper, ms: (sessionCookie.expires?.getTime() ?? Infinity) - sentAt }] : [],
  );
  const isSeen = lives.some(({ shopper }) =>
    lives.every((each) => each.shopper !== shopper || each.ms < least),
  );
  if (!isSeen) return undefined;
  return {
    likely:
      maxAge === undefined
        ? 'The session cookie has ended when it comes, and the browser throws it away: its Expires has passed. maxAge says how long a cookie lasts, in milliseconds, counted from each request.'
        : `The session cookie ended before the next request: the browser has thrown it away. maxAge is ${maxAge}, and that is in milliseconds: a minute is 60 * 1000.`,
    look: [/maxAge|expires/, ...COOKIE],
  };
};

/** Two browsers that came without a cookie were given one session. */
export const sharedId: Cause = ({ requests }) => {
  const given = requests.flatMap(({ exchange, shopper }) => {
    const { sessionCookie } = exchange;
    return sessionCookie && !exchange.sent.includes('=s%3A') ? [{ shopper, value: sessionCookie.value }] : [];
  });
  const isShared = given.some((one) =>
    given.some((other) => other.shopper !== one.shopper && other.value === one.value),
  );
  return isShared
    ? {
        likely:
          'Two browsers, which came without a cookie, were given the same session ID: each sees what the other does. Leave genid out, and express-session makes an ID for each that nobody can guess.',
        look: [/genid/, ...SESSION_CALL],
      }
    : undefined;
};
