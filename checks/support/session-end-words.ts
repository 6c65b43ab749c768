import type { IndexDescriptionInfo } from 'mongodb';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';
import { BELOW_ROUTES } from './active-shopper.ts';
import { DEFAULT_AGE, duration } from './session-end.ts';
import { resaves } from './session-options.ts';

// Likely reasons why the end of a session is wrong.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Why the cookie names no end. @param lasts how long the document lasts, in milliseconds; undefined when there is none */
export function likelyNoEnd({ setCookieLines }: Exchange, lasts: number | undefined): string {
  if (setCookieLines.length === 0)
    return 'No session cookie came back: there is none whose end could be looked at.';
  if (lasts !== undefined && Math.abs(lasts - DEFAULT_AGE) > HOUR) {
    return "The document ends, and the cookie does not. The store's own `expires` is for cookies without an end, and moves the document alone. With cookie.maxAge express-session gives one end to both.";
  }
  return "The cookie names no end: the browser keeps it until it is closed, and the document stays for the 14 days that are the store's default. cookie.maxAge, an option of session(), gives one end to both.";
}

/** Why the cookie lasts that long after a request that came 10 minutes after the shop had opened. */
export async function likelyWrongAge(stage: Stage, lasts: number): Promise<string> {
  const maxAge = (await stage.sessionCall())?.cookie.maxAge;
  if (maxAge === 1800 || (typeof maxAge !== 'number' && lasts < 3000)) {
    return 'maxAge is in milliseconds. 30 * 60 of them are 1.8 seconds, and the date in a cookie has whole ones; 30 minutes are 30 * 60 * 1000, as IDLE_LIMIT says.';
  }
  if (maxAge === undefined && Math.abs(lasts - 20 * MINUTE) < MINUTE) {
    return 'The shop opened 10 minutes before this request. The end was computed once, then, and is the same moment for everybody. maxAge is counted anew for each request.';
  }
  if (typeof maxAge === 'number' && Math.abs(maxAge - 30 * MINUTE) < MINUTE) {
    return `session() was given 30 minutes, and the cookie ends after ${duration(lasts)}: something sets another end on the way, req.session.cookie.maxAge or cookie.expires. Without a login it is 30 minutes from the request.`;
  }
  const seen = typeof maxAge === 'number' && Math.abs(maxAge - lasts) < MINUTE ? maxAge : lasts;
  return `The limit is ${duration(seen)}. The lesson asks for 30 minutes: maxAge: IDLE_LIMIT. Was another limit left in from trying it out?`;
}

/** Why a page that only reads did not move the document's end. @param left that end; 0 when the document is gone */
export async function likelyUnmoved(stage: Stage, left: number): Promise<string> {
  if (!left) {
    return 'Ada was here 20 minutes ago, and her session is gone. If it is the absolute limit, it counts 8 hours from loggedInAt, in milliseconds.';
  }
  const call = await stage.sessionCall();
  if (call?.touches) {
    if ((await stage.mongo.sessions()).some(({ session }) => !session))
      return 'The document has no session in it any more: touch() was called, and replaced the document. updateOne() with { $set: { expires } } leaves the rest as it is.';
    const [update] = stage.mongo.tap.commands('update');
    const to = `${update?.db}.${update?.body.update}`;
    if (update && to !== 'shop.sessions')
      return `touch() sent its update to ${to}, and the sessions are in shop.sessions.`;
    const filter = update?.body.updates?.[0]?.q;
    if (filter && !('_id' in filter))
      return `touch() sent an update that looks for a document by ${Object.keys(filter).join(' and ') || 'nothing'}. A session is found by its _id, which is the ID that touch() is given.`;
    const { q: { _id: sought } = { _id: undefined } } = update?.body.updates?.[0] ?? {};
    const known = (await stage.mongo.sessions()).some(({ _id }) => _id === sought);
    if (typeof sought === 'string' && !known)
      return `touch() sent an update for the _id ${sought.slice(0, 8)}…, and no session has this one. The ID is the first thing that touch() is given.`;
    const { error } = (update && (await stage.factsOf('GET /'))) ?? {};
    if (error)
      return `touch() sent its update, and MongoDB refused it: ${error}. Look at what stands beside the _id: { $set: { expires } } sets a field.`;
    const said = update ? undefined : stage.shop.line(/^\w*Error\b.*: /);
    if (said)
      return `touch() was called, and MongoDB got no update from it. The shop printed: ${said.trim().slice(0, 160)}`;
    return 'There is a touch, and it did not move the end. It has to set `expires`, a field of the document, to session.cookie.expires. And it has to be there before session() is called: express-session looks for it once.';
  }
  if (call?.rolling === 'true') {
    return 'rolling: true renews the cookie and, on this store, nothing else. The end in the store is moved by store.touch, and this store has none. Give it one in createStore(): with a class of your own, new makes the store of that class.';
  }
  return 'express-session moves the end of a session that nobody changed by store.touch, and this store has none. Give it one in createStore(); rolling: true then moves the cookie with it.';
}

/**
 * Why a page that only reads wrote the whole session.
 * @param changed the fields that differ from before it
 */
export async function likelyBackAgain(stage: Stage, changed: readonly string[]): Promise<string> {
  const price =
    'every page writes back the session as it was when the page began, and what another tab stored meanwhile is lost.';
  const call = await stage.sessionCall();
  const resaved = resaves(call);
  if (resaved) {
    return `${resaved} keeps Ada logged in; express-session itself advises it for stores without touch. Its price: ${price} A touch moves the end alone.`;
  }
  if (call?.touches && changed.length === 0) {
    return `touch() writes the whole session: ${price} Update expires, and nothing else.`;
  }
  const what = changed.length
    ? `req.session.${changed.join(' and req.session.')}`
    : 'Something in req.session';
  return `${what} changes on each request, so ${price} A touch moves the end alone.`;
}

/** The fields of two sessions that differ in two sessions, without the cookie. */
export function changedKeys(before: object, after: object): string[] {
  const [old, now] = [before, after].map((each) => new Map(Object.entries(each)));
  const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...keys].filter(
    (key) => key !== 'cookie' && JSON.stringify(old?.get(key)) !== JSON.stringify(now?.get(key)),
  );
}

/**
 * Why a session was still valid after the absolute limit.
 * @param loggedInAt its values in the document after the login and now
 * @param hasEnded whether that request ended it
 * @param limit what limitOf() found
 */
export function likelyNoLimit(
  loggedInAt: readonly [before: unknown, now: unknown],
  hasEnded: boolean,
  limit: string | undefined,
): string {
  const [before, now] = loggedInAt.map(Number) as [number, number];
  if (now > before) {
    return 'The limit moves along: loggedInAt is set anew after the login. It is set once, by logIn().';
  }
  if (hasEnded) {
    return 'The limit ends the session one request too late: the page before had moved the end beyond the 8 hours. maxAge is the time that is left until them as soon as that is less than IDLE_LIMIT, not only when nothing is left.';
  }
  if (limit === BELOW_ROUTES) {
    return 'A page that is not there ends the session, and no other page does: the middleware with the limit stands below the routes, and a request that a route answers never comes there. It goes above them, after session().';
  }
  if (limit !== undefined)
    return `The login ends ${limit}, and the lesson asks for 8 hours: ABSOLUTE_LIMIT. Is a factor too many or too large in it?`;
  return 'Nothing ends the session 8 hours after the login, so one that is used never ends, nor does a stolen one. What is left of them is the time from now until loggedInAt + ABSOLUTE_LIMIT: no middleware sets maxAge to that when it is less than IDLE_LIMIT, or it computes something else.';
}

/** Why MongoDB has no TTL index. */
export function likelyNoIndex({ shop }: Stage): string {
  const said = shop.line(/fail|Error (?:connecting|creating)/i);
  return said
    ? `The store asked for its index, or could not even ask. The shop printed: ${said.trim().slice(0, 160)}`
    : 'A MongoDBStore asks for its index by itself. Return one from createStore(), with the collection sessions.';
}

/** Why a TTL index is not the one that lesson 9 asks for. */
export function likelyWrongIndex({ key }: IndexDescriptionInfo): string {
  return JSON.stringify(key) !== '{"expires":1}'
    ? 'The index looks at another field than the one that get() of this store refuses by. Leave expiresKey out.'
    : 'expires is the moment itself, and expiresAfterSeconds is what MongoDB adds to it: every document lies around so much longer. How long a session lasts is said by cookie.maxAge.';
}
