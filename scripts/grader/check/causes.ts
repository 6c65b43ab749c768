import { type Evidence, gather, type Witnessed } from './evidence.ts';
import type { Doubt } from './failure.ts';
import { isSessionMissing, UNREAD_FORM } from './meanings.ts';
import type { Stage } from './stage.ts';

/** What a cause says, and where in the answer to look. */
interface Told {
  readonly likely: string;
  readonly look: readonly RegExp[];
}

/** A cause by its name: told when its evidence is there, undefined when it is not. */
type Cause = (evidence: Evidence) => Told | undefined;

const SESSION_CALL = [/\bsession\(\{?/, /express-session/];
const COOKIE = [/\bcookie:/, ...SESSION_CALL];

/** Whether the request carried no session, and got none: no cookie went either way. */
const isWithoutCookie = ({ exchange }: Witnessed) =>
  !exchange.sent.includes('=s%3A') && exchange.setCookieLines.length === 0;
/** Whether it was to put something into the session. */
const isOfShop = ({ exchange }: Witnessed) => /^POST \/(?:cart|login)\b/.test(exchange.sent);
const has = ({ facts }: Witnessed, event: string) => facts?.events.includes(event) ?? false;
/** What stood in req.session when the answer was ended, but for its cookie. */
const kept = ({ facts }: Witnessed) => facts?.keys ?? [];

const secureOverHttp: Cause = ({ requests }) => {
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

/** What mends a cookie that a browser throws away, by the rule that it breaks. */
const MENDS: readonly (readonly [RegExp, string])[] = [
  [/SameSite=None/, 'sameSite: "none" is for a shop in a page of another site. Say "lax", or leave it out.'],
  [/Domain=/, 'Leave domain out: the cookie is then for the host that sent it, whatever its name.'],
  [/in front of a name/, 'Such a name promises those attributes. Give the cookie them, or another name.'],
  [/bytes/, 'What is in the cookie belongs on the server: the cookie needs the session ID alone.'],
];

const droppedCookie: Cause = ({ requests }) => {
  const dropped = requests
    .flatMap(({ exchange }) => exchange.dropped)
    .find(({ line }) => /=s(?:%3A|:)/.test(line));
  if (!dropped) return undefined;
  const mend = MENDS.find(([rule]) => rule.test(dropped.rule))?.[1] ?? '';
  return {
    likely: `A browser throws the session cookie away: ${dropped.rule}. ${mend}`.trim(),
    look: [/sameSite:|domain:/, ...COOKIE],
  };
};

const cookiePath: Cause = ({ requests, calls }) => {
  const path = calls.find(({ cookie }) => cookie.path !== undefined && cookie.path !== '/')?.cookie.path;
  const skipped = requests.find((each) => has(each, 'no session: path'));
  if (path === undefined || !skipped) return undefined;
  return {
    likely: `session() steps aside for ${firstLine(skipped.exchange.sent)}: its cookie.path is '${path}', and for addresses that do not begin so there is no req.session. Leave path out, and the cookie is for the whole shop.`,
    look: [/\bpath:/, ...COOKIE],
  };
};

const maxAgeNoNumber: Cause = ({ requests }) =>
  requests.some((each) => isWithoutCookie(each) && each.facts?.cookie?.expires === null)
    ? {
        likely:
          'The session has no cookie, because its end cannot be computed: cookie.maxAge is NaN, no number. A variable that is not set, or a text that is multiplied, gives that. It is a number of milliseconds.',
        look: [/maxAge/, ...COOKIE],
      }
    : undefined;

const cookieEndsAtOnce: Cause = ({ requests, now }) => {
  const seen = requests.find(({ exchange: { sessionCookie }, shopper }) => {
    const end = sessionCookie?.expires?.getTime();
    return end !== undefined && end <= now && end > now - 60_000 && !shopper.sessionCookie();
  });
  if (!seen) return undefined;
  return {
    likely:
      'The session cookie ended before the next request: the browser has thrown it away. maxAge is in milliseconds, so 60 of them are a sixteenth of a second; a minute is 60 * 1000.',
    look: [/maxAge|expires/, ...COOKIE],
  };
};

const unreadForm: Cause = ({ requests }) => {
  const seen = requests.find(
    ({ exchange, facts }) =>
      facts?.formFields === 'unread' &&
      Object.keys(exchange.fields ?? {}).length > 0 &&
      exchange.status >= 400,
  );
  return seen && { likely: UNREAD_FORM, look: [/express\.(?:urlencoded|json)|bodyParser/, /express\(\)/] };
};

const notMounted: Cause = ({ doubt, about, calls }) => {
  if (doubt.error || !about?.facts || !isOfShop(about) || !isWithoutCookie(about)) return undefined;
  if (about.facts.events.some((each) => /session/.test(each))) return undefined;
  return {
    likely:
      calls.length === 0
        ? 'session() from express-session is not mounted. It goes above the routes, and above shopHeader.'
        : 'session() never saw this request: it stands below the route that answered, or on a path of its own. It goes above the routes, and above shopHeader.',
    look: SESSION_CALL,
  };
};

const nothingPut: Cause = ({ doubt, about }) =>
  !doubt.crashed &&
  about &&
  isOfShop(about) &&
  isWithoutCookie(about) &&
  about.facts?.session === 'there' &&
  kept(about).length === 0 &&
  !has(about, 'regenerate')
    ? {
        likely:
          'Nothing was put into req.session in this request, so there is nothing to remember: no cookie, and nothing in the store.',
        look: [/req\.session/, ...SESSION_CALL],
      }
    : undefined;

const twoSessions: Cause = ({ requests }) =>
  requests.some((each) => has(each, 'second session()'))
    ? {
        likely:
          'There are two session() calls. The first one wins: the second finds req.session and steps aside, its store with it.',
        look: SESSION_CALL,
      }
    : undefined;

const replaced: Cause = ({ requests }) =>
  requests.some(({ facts }) => facts?.session === 'replaced')
    ? {
        likely:
          'req.session was replaced by an object of the answer’s own: express-session neither saves it nor finds its methods on it. Put values into req.session, and leave the object itself in place.',
        look: [/\.session = /, ...SESSION_CALL],
      }
    : undefined;

/** Whether one event came while a method of the session was still at work. */
function duringIs(events: readonly string[], method: string, others: readonly string[]): string | undefined {
  const begun = events.indexOf(method);
  if (begun === -1) return undefined;
  const done = events.findIndex((each) => each === `${method} done` || each === `${method} failed`);
  return events.slice(begun + 1, done === -1 ? events.length : done).find((each) => others.includes(each));
}

const outsideCallback: Cause = ({ requests }) => {
  const seen = requests
    .map(({ facts }) => duringIs(facts?.events ?? [], 'regenerate', ['save', 'end']))
    .find(Boolean);
  if (!seen) return undefined;
  const what = seen === 'save' ? 'the session was saved' : 'the answer was sent';
  return {
    likely: `regenerate() was still at work when ${what}: what stands behind the call did not wait for it, and what was set belongs to the old session. The flags, the save and the redirect come when it is done: after await, or in its callback.`,
    look: [/regenerate\b(?!\s*[,}])/, /req\.session/],
  };
};

const destroyed: Cause = ({ doubt, requests }) => {
  if (!doubt.error || !isSessionMissing(doubt.error.message, { text: '' })) return undefined;
  const seen = requests.at(-1);
  if (!seen || !has(seen, 'destroy')) return undefined;
  return {
    likely:
      'destroy() has taken req.session away: in this request there is none any more when this line runs. What is left to do with the session comes before destroy().',
    look: [/destroy\b(?!\s*[,}])/],
  };
};

const oddData: Cause = ({ requests, doubt }) => {
  // A Date stays one in MongoDB, and undefined does harm where something asks for it.
  const isNull = /of null/.test(doubt.error?.message ?? '');
  const odd = requests.flatMap(({ facts }) => facts?.odd ?? []);
  const told = odd.find((each) => (/: undefined$/.test(each) ? isNull : !/: a Date$/.test(each)));
  if (!told) return undefined;
  const [path, kind] = told.split(': ');
  return {
    likely:
      kind === 'undefined'
        ? `req.session.${path} was set to undefined, and MongoDB keeps that as null: a default such as cart = [] is not for null. Delete it, or leave it out.`
        : `req.session.${path} is ${kind}, and no store gives that back: it keeps plain data, without methods. Store arrays, objects, numbers and texts.`,
    look: [
      new RegExp(`session(?:\\s+as\\s+\\w+)?\\)?\\??\\.${(path ?? '').split('.')[0]}\\b`),
      /req\.session/,
    ],
  };
};

const loginRefused: Cause = ({ requests }) => {
  // A check that sends a wrong password on purpose says that it has decided by itself.
  const seen = requests.find(
    ({ exchange }) => exchange.sent.startsWith('POST /login') && /action="\/login"/.test(exchange.body),
  );
  if (!seen) return undefined;
  const said = seen.exchange.body.match(/role="alert"[^>]*>\s*([^<]+?)\s*</)?.[1];
  const words = said ? ` and said: ${said}` : '';
  return {
    likely: `The login was answered by the login page again (${seen.exchange.status})${words}. Email and password were right: does authenticate() get both, and is it awaited?`,
    look: [/authenticate\(/, /logIn\b/],
  };
};

const brokenRedirect: Cause = ({ doubt, about }) => {
  const from = about?.exchange.after;
  if (!from || about.exchange.status !== 404 || !doubt.crashed) return undefined;
  return {
    likely: `The redirect leads to ${from.headers.location}, and the shop has no page there.`,
    look: [/redirect/i],
  };
};

/** The causes, the more special one first. Each tells only what its evidence shows. */
const CAUSES: readonly Cause[] = [
  destroyed,
  secureOverHttp,
  maxAgeNoNumber,
  droppedCookie,
  cookiePath,
  cookieEndsAtOnce,
  unreadForm,
  brokenRedirect,
  loginRefused,
  replaced,
  outsideCallback,
  oddData,
  twoSessions,
  notMounted,
  nothingPut,
];

/**
 * Tells why a step failed: by the causes whose evidence is there, two at most. When there is none, the doubt stays as the check has it.
 */
export async function withCause(stage: Stage, doubt: Doubt): Promise<Doubt> {
  if (doubt.decided) return doubt;
  const evidence = await gather(stage, doubt);
  const [first, second] = CAUSES.flatMap((cause) => cause(evidence) ?? []);
  if (!first) return doubt;
  const likely = second ? `Two things fit. ${first.likely} Or: ${second.likely}` : first.likely;
  const { at, look = [], ...rest } = doubt;
  // What the cause looks for may not be there yet, as in a starter: then the check's own place is shown.
  return { ...rest, likely, ...(at ? { at } : { look: [...first.look, ...[look].flat()] }) };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
