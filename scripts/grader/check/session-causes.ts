import { type Cause, has, isOfShop, isWithoutCookie, kept, requestOf, SESSION_CALL } from './cause.ts';
import { isSessionMissing, meaningIn, UNREAD_FORM } from './error-meanings.ts';

const NO_CODE = { text: '' };

// Causes of a session that was not there, was replaced, or was given something that no store keeps.

export const unreadForm: Cause = ({ requests }) => {
  const seen = requests.find(
    ({ exchange, facts }) =>
      facts?.formFields === 'unread' &&
      Object.keys(exchange.fields ?? {}).length > 0 &&
      exchange.status >= 400,
  );
  return seen && { likely: UNREAD_FORM, look: [/express\.(?:urlencoded|json)|bodyParser/, /express\(\)/] };
};

/** A form that was read, and that no route answered. Nobody knows whether it was read in time. */
export const unansweredForm: Cause = ({ about, details }) => {
  const fields = Object.keys(about?.exchange.fields ?? {}).join(', ');
  // After a redirect it is the form of another address.
  if (!about || !details.crashed || details.error || about.exchange.after) return undefined;
  if (about.exchange.status !== 404 || typeof about.facts?.formFields !== 'number' || !fields)
    return undefined;
  return {
    likely: `No route answered ${requestOf(about)}. Three things do that: its path or method is another one; it looks for something else in the form than ${fields}; or express.urlencoded() stands below it, and reads the form too late.`,
    look: [/urlencoded/, /app\.post\(/],
  };
};

export const notMounted: Cause = ({ details, about, calls }) => {
  if (details.error || !about?.facts || !isOfShop(about) || !isWithoutCookie(about)) return undefined;
  // When session() throws, no event is noted.
  if (about.exchange.status >= 500 || about.facts.events.some((each) => /session/.test(each)))
    return undefined;
  return {
    likely:
      calls.length === 0
        ? 'session() from express-session is not mounted. It goes above the routes.'
        : 'session() never saw this request: it stands below the route that answered, or on a path of its own. It goes above the routes.',
    look: SESSION_CALL,
  };
};

export const nothingPut: Cause = ({ details, about }) =>
  !details.crashed &&
  about &&
  about.exchange.status < 400 &&
  // A login that is redirected to the login page has another cause.
  !/^\/login\b/.test(about.exchange.headers.location ?? '') &&
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

export const twoSessions: Cause = ({ requests }) =>
  requests.some((each) => has(each, 'second session()'))
    ? {
        likely:
          'There are two session() calls. The first one wins: the second finds req.session and steps aside, its store with it.',
        look: SESSION_CALL,
      }
    : undefined;

export const replaced: Cause = ({ requests }) =>
  requests.some(({ facts }) => facts?.session === 'replaced')
    ? {
        likely:
          'req.session was replaced by an object of the answer’s own: express-session neither saves it nor finds its methods on it. Put values into req.session, and leave the object itself in place.',
        look: [/\.session = /, ...SESSION_CALL],
      }
    : undefined;

/** session() made one in this request, and it was removed without destroy(). */
export const takenAway: Cause = ({ details, about, requests }) => {
  const look = [/session = (?:null|undefined)|delete \(?req/, /req\.session/];
  const seen = details.error ? requests.at(-1) : about;
  if (!seen || !has(seen, 'session') || has(seen, 'destroy')) return undefined;
  if (details.error) {
    const missing = isSessionMissing(details.error.message, details.error.code ?? NO_CODE);
    return missing === 'undefined'
      ? {
          likely:
            'session() had made a req.session for this request, and when this line runs it is gone: something above has deleted it, or set it to undefined. A session ends with destroy() or regenerate().',
          look,
        }
      : undefined;
  }
  const { session } = seen.facts ?? {};
  // An error page has no session either, whatever the answer did.
  if (seen.exchange.status >= 400 || (session !== 'null' && session !== 'none')) return undefined;
  return {
    likely: `${requestOf(seen)} had a req.session, and ${session === 'null' ? 'set it to null' : 'deleted it'} before its answer: express-session then stores nothing and sends no cookie. Nothing ends in the store by that, either; destroy() does that.`,
    look,
  };
};

/** The first of these events that came while a method of the session was still at work. */
function duringIs(events: readonly string[], method: string, others: readonly string[]): string | undefined {
  const begun = events.indexOf(method);
  if (begun === -1) return undefined;
  const done = events.findIndex((each) => each === `${method} done` || each === `${method} failed`);
  return events.slice(begun + 1, done === -1 ? events.length : done).find((each) => others.includes(each));
}

export const outsideCallback: Cause = ({ requests }) => {
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

export const destroyed: Cause = ({ details, requests }) => {
  if (!details.error || !isSessionMissing(details.error.message, details.error.code ?? NO_CODE))
    return undefined;
  const seen = requests.at(-1);
  if (!seen || !has(seen, 'destroy')) return undefined;
  return {
    likely:
      'destroy() has taken req.session away: in this request there is none any more when this line runs. What is left to do with the session comes before destroy().',
    look: [/destroy\b(?!\s*[,}])/],
  };
};

export const oddData: Cause = ({ requests, details, about }) => {
  // A Date stays one in MongoDB. undefined does harm only where code reads null, or where nothing else is in the session.
  const isNull = /of null/.test(details.error?.message ?? '');
  const odd = requests.flatMap(({ facts }) => facts?.odd ?? []);
  const told = odd.find((each) => (/: undefined$/.test(each) ? isNull : !/: a Date$/.test(each)));
  const [unset = ''] =
    about && !details.error && isWithoutCookie(about) && kept(about).length === 1
      ? (about.facts?.odd?.filter((each) => /^\w+: undefined$/.test(each)) ?? [])
      : [];
  const [path = '', kind] = (told ?? unset).split(': ');
  if (!path) return undefined;
  return {
    likely: likelyOdd(path, kind, unset === ''),
    look: [new RegExp(`session(?:\\s+as\\s+\\w+)?\\)?\\??\\.${path.split('.')[0]}\\b`), /req\.session/],
  };
};

function likelyOdd(path: string, kind: string | undefined, isStored: boolean): string {
  if (kind !== 'undefined')
    return `req.session.${path} is ${kind}, and no store gives that back: it keeps plain data, without methods. Store arrays, objects, numbers and texts.`;
  return isStored
    ? `req.session.${path} was set to undefined, and MongoDB keeps that as null: a default such as cart = [] is not for null. Delete it, or leave it out.`
    : `req.session.${path} was set to undefined, and nothing else is in the session: to express-session nothing was put there, so there is no cookie, and nothing in the store.`;
}

/** The store failed when the answer to a form was on its way. */
export const lateFailure: Cause = ({ about, details }) => {
  const { error } = about?.facts ?? {};
  if (!about || !error || details.error || about.exchange.status >= 400) return undefined;
  if (!about.exchange.sent.startsWith('POST') || /^(?:option|argument|Error setting)\b/.test(error))
    return undefined;
  return {
    likely: `The shop answered ${requestOf(about)} before its session was stored, and then the store failed: ${error.replace(/\.$/, '')}. Only the error handler heard of it. Save first, await save(req), and answer then.`,
    look: [/save\(/, /redirect\(/],
  };
};

/** The store refused a session when the answer was on its way: only the error handler heard of it. */
export const refusedWrite: Cause = ({ requests, details, isPlayed }) => {
  const error = requests
    .map(({ facts }) => facts?.error ?? '')
    .find((each) => each.startsWith('Error setting') && !isPlayed(each));
  if (!error || details.error) return undefined;
  const why = error.replace('Error setting the session: ', '');
  return {
    likely:
      `The store did not take the session, and the shopper was told that all went well. It said: ${why}. ${meaningIn(error) ?? ''}`
        .replace('..', '.')
        .trim(),
    look: [/req\.session\.\w+ ?=/, /req\.session/, ...SESSION_CALL],
  };
};
