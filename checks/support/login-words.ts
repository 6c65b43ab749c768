import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { likelyEnded } from './session-changes.ts';

// Likely reasons for failures of a login or a logout of lesson 7, and where they are in the code.

// Calls, not imports.
const REGENERATE = /regenerate\b(?!\s*[,}])/;
export const LOG_IN = [REGENERATE, /isLoggedIn = true|isLoggedIn: true/, /logIn\b/];
/** Where the flags are set, or belong. */
export const IS_LOGGED_IN = [/isLoggedIn\s*[:=](?!=)/, ...LOG_IN];
export const USER_ID = [/userId\s*[:=](?!=)/, ...LOG_IN];
export const LOG_OUT = [/isLoggedIn = false/, /destroy\b(?!\s*[,}])|clearCookie/, /logOut\b/];
/** A cookie that lasts no longer than this, in milliseconds, ends at once. Its date has whole seconds. */
const NO_TIME = 1000;
/** Other names of a flag. */
const OTHER_FLAG = /^(?:is_?)?(?:logged_?in|login|auth\w*)$/i;
export const GUARD = [/requireLogin\b/];

export const LIKELY_SHARED =
  'Who is logged in is kept in a place that all requests share: a variable of the module, or app.locals. It belongs into req.session.';

/** Where something is kept for all requests. */
export const IN_MEMORY = [/locals/, /^let /, /^const \w+(?::.*)? = new (?:Weak)?(?:Map|Set)\b/];
export const SHARED = [...IN_MEMORY, ...LOG_IN];

/** Says that a form was answered with a page. */
export const likelyNoRedirect = ({ sent }: Exchange) =>
  `The form was answered with a page. A reload of it sends the form again${/password=/.test(sent) ? ', password and all' : ''}: answer with a redirect, 303, to a page of its own.`;

export const isRedirect = ({ status }: Exchange) => status >= 300 && status < 400;

/** Why the session of a login has the ID from before. */
export async function likelySameId(stage: Stage): Promise<string> {
  const { events = [] } = (await stage.factsOf('POST /login')) ?? {};
  if (!events.includes('regenerate'))
    return 'The ID from before the login is logged in now. Whoever knew it, or planted it in this browser, is Ada too: session fixation. Call req.session.regenerate() before anything is granted.';
  const done = events.indexOf('regenerate done');
  return done !== -1 && done < events.indexOf('end')
    ? 'regenerate() was done, and the new session has the ID of the old one: whatever makes IDs here, genid of session() for one, gives the same again.'
    : 'The session that is logged in still has the ID from before. regenerate() replaces req.session when it is done: await it, or log in inside its callback, and only then set the flags and save.';
}

/** Why a user who has logged in does not get their account, by what is in their document. */
export async function likelyNoAccount(stage: Stage, shopper: Shopper, page: Exchange) {
  const document = await stage.mongo.session(shopper.sessionId() ?? '');
  const { isLoggedIn, userId } = document?.session ?? {};
  if (page.account) return { likely: LIKELY_SHARED, look: SHARED };
  if (page.account === '' && !userId && (await letsAnybodyIn(stage)))
    return {
      likely:
        'The account opens, and is nobody’s; with a wrong password it opens, too. authenticate() returns a promise, which is true whoever asks and has no id: await it, and then look whether there is a user.',
      look: [/authenticate\(/, ...LOG_IN],
      decided: true as const,
    };
  if (page.account === '')
    return {
      likely: `The account opens, and is nobody's: ${userId ? `no user has the ID ${userId}. userId is user.id, such as u-ada.` : 'userId is missing in the session. It is the ID of the user.'}`,
      look: USER_ID,
      decided: true as const,
    };
  const ended = document ? undefined : likelyCookieEnded(stage, shopper);
  if (ended) return ended;
  if (!document && (await stage.mongo.sessions()).some(({ session }) => session.isLoggedIn))
    return {
      likely:
        'The login is stored under another ID than the one in the cookie, which leads to no document. regenerate() changes both: leave the ID to it.',
      look: [/sessionID = |\.id = /, ...LOG_IN],
    };
  if (!document)
    return {
      likely: 'The session of this cookie is not in MongoDB: the login was not stored.',
      look: [/\bsave\(/, ...LOG_IN],
    };
  if (isLoggedIn)
    return {
      likely:
        'The document says isLoggedIn, and the guard does not let its user pass. For who is logged in it calls next(), and does nothing more.',
      look: GUARD,
    };
  const [part] = Object.entries(document.session).find(([, value]) => Object(value).isLoggedIn) ?? [];
  if (part)
    return {
      likely: `There was a login, and the document says so inside of ${part}: ${part}.isLoggedIn. The flags are fields of req.session itself: req.session.isLoggedIn, req.session.userId.`,
      look: [new RegExp(`session\\b.*\\b${part}\\b`), ...IS_LOGGED_IN],
    };
  const other = Object.keys(document.session).find((name) => OTHER_FLAG.test(name) && name !== 'isLoggedIn');
  if (other)
    return {
      likely: `There was a login, and the document says ${other}: the name of the flag is isLoggedIn, capitals and all.`,
      look: [new RegExp(`\\b${other}\\b`), ...IS_LOGGED_IN],
    };
  for (const { exchange } of stage.seen) {
    const ended =
      exchange.sent.startsWith('GET ') && (await likelyEnded(stage, exchange.sent.split(/\s/, 2).join(' ')));
    if (ended) return { likely: ended, look: LOG_IN };
  }
  return {
    likely:
      'There was a login, and the document does not say so: isLoggedIn is not in it. Set isLoggedIn and userId on req.session itself, when regenerate() is done. What is put there before goes with the old session, also through a variable that still holds it.',
    look: IS_LOGGED_IN,
  };
}

/** Says that a shopper's browser has thrown the session cookie away, because it had ended when it came; undefined when it had not. */
function likelyCookieEnded({ seen }: Stage, shopper: Shopper) {
  if (shopper.sessionCookie()) return undefined;
  const last = seen.findLast((each) => each.shopper === shopper && each.exchange.sessionCookie);
  const lasts = (last?.exchange.sessionCookie?.expires?.getTime() ?? Infinity) - (last?.sentAt ?? 0);
  if (!last || lasts > NO_TIME) return undefined;
  const request = last.exchange.sent.split(/\s/, 2).join(' ');
  return {
    likely: `The answer to ${request} gave the session cookie an end that has come, ${last.exchange.sessionCookie?.expires?.toUTCString()}, and the browser threw it away. cookie.maxAge is the time that is left, in milliseconds: a moment to come, less Date.now().`,
    look: [/maxAge = /, /maxAge|expires/],
    decided: true as const,
  };
}

/** Whether a wrong password logs in as well. */
async function letsAnybodyIn(stage: Stage): Promise<boolean> {
  const eve = stage.shopper('Eve');
  await eve.tries('/login', { email: 'ada@example.com', password: 'difference-engine' });
  return (await eve.visits('/account')).account !== undefined;
}

/** Why a visitor who is not logged in was not sent to the login page. */
export function likelyNotTurned(
  { status, headers: { location }, sent, account }: Exchange,
  isStranger: boolean,
): string {
  if (location !== undefined && (status < 300 || status >= 400))
    return `The answer names ${location} as Location, and its status is ${status}: a browser follows it only with a redirect's status, as res.redirect() sends.`;
  if (location !== undefined)
    return `requireLogin sends who is not logged in to ${location}${sent.includes(` ${location}\n`) ? ', which is where they were: it never ends.' : '.'} The login page of this shop is /login.`;
  if (status >= 400)
    return `requireLogin refuses with ${status}, and a shopper stands there. A redirect to /login says what to do.`;
  if (account === undefined)
    return 'requireLogin answers with a page of its own, and its address stays /account. Redirect to /login: that page has the form.';
  return isStranger
    ? 'requireLogin lets everybody pass. It has to look at req.session.isLoggedIn, and redirect to /login.'
    : 'A visitor with a cart has a session, too, and is nobody yet. Look at req.session.isLoggedIn, not at whether there is a session.';
}

/** Why the session of a user is there after the logout. */
export async function likelyNotEnded(
  stage: Stage,
  shopper: Shopper,
  { setCookieLines: lines }: Exchange,
): Promise<string> {
  const sessions = await stage.mongo.sessions();
  const own = sessions.find(({ _id }) => _id === shopper.sessionId());
  if (own && !own.session.isLoggedIn && own.session.isLoggedIn !== false) {
    return 'The flags were taken out of a session that lives on, cart and all, under an ID that others may know. End it: req.session.destroy().';
  }
  if (own?.session.isLoggedIn === false) {
    return 'isLoggedIn = false is a note in a session that lives on, cart and all, under an ID that others may know. End it: req.session.destroy().';
  }
  if (lines.some((line) => /^[^=]+=;.*(?:Max-Age=0|Expires=Thu, 01 Jan 1970)/i.test(line))) {
    return 'The cookie is cleared in one browser, and the session lives on: whoever has a copy of the cookie is still Ada. End it: req.session.destroy().';
  }
  return 'The session lives on in MongoDB, so a copy of its cookie is still logged in. End it: req.session.destroy().';
}

/** Says that a logout clears a cookie of another name; undefined when it clears none. @param name of the session's cookie */
export function otherCleared(lines: readonly string[], name: string): string | undefined {
  const [other] = lines.flatMap((line) => /^([^=;]+)=;/.exec(line)?.[1] ?? []);
  return (
    other &&
    `The logout clears a cookie called ${other}. That of the session is called ${name}: res.clearCookie('${name}').`
  );
}
