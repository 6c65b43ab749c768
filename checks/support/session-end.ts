import type { IndexDescriptionInfo } from 'mongodb';
import { resaves } from '#checks/support/session-options.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';

// The end of a session: when it is, how far away, and why it is not where it should be.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** How long an index or a write may be on its way. Only a wrong answer is ever waited for so long. */
const WAITING_LIMIT = 3 * SECOND;

/** When the session cookie that came back ends; undefined when none came, or one that names no end. */
export function endOfCookie({ sessionCookie }: Exchange): number | undefined {
  return sessionCookie?.expires?.getTime();
}

/** A request that needs no session: whatever the shop had sent to MongoDB without waiting has arrived when it is answered. */
export async function settled(shopper: Shopper): Promise<void> {
  await shopper.visits('/shop.css');
}

/** When a session's document ends; 0 when it is gone. A write that was sent may still be on its way: it is waited for. */
export async function movedEnd(
  { mongo }: Stage,
  shopper: Shopper,
  { id, beyond }: { id: string; beyond: number },
) {
  await settled(shopper);
  const wrote = mongo.tap.commands().some(({ name }) => name !== 'find');
  const limit = performance.now() + (wrote ? WAITING_LIMIT : 0);
  for (;;) {
    const end = (await mongo.session(id))?.expires?.getTime() ?? 0;
    if (end > beyond || performance.now() > limit) return end;
  }
}

/** The index by which MongoDB clears out. The store asks for it while the first requests are answered. */
export async function ttlIndex({ mongo }: Stage): Promise<IndexDescriptionInfo | undefined> {
  const limit = performance.now() + WAITING_LIMIT;
  for (;;) {
    // There are no indexes to list before there is a collection.
    const indexes = await mongo.indexes().catch(() => []);
    const ttl = indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    const index = ttl.find(({ key }) => 'expires' in key);
    if (index || performance.now() > limit) return index ?? ttl[0];
  }
}

/** '30 minutes', '1.8 seconds', '14 days'. */
export function inWords(ms: number): string {
  for (const [unit, length] of [
    ['days', 24 * HOUR],
    ['hours', HOUR],
    ['minutes', MINUTE],
  ] as const) {
    if (ms >= 2 * length) return `${Math.round((10 * ms) / length) / 10} ${unit}`;
  }
  return `${Math.round(ms / 100) / 10} seconds`;
}

/** Why the cookie names no end. */
export function likelyNoEnd(stage: Stage, { setCookieLines }: Exchange): string {
  if (setCookieLines.length === 0)
    return 'No session cookie came back: there is none whose end could be looked at.';
  if (stage.says(/\bexpires: (?!session|cookie|new Date)/)) {
    return "The store's own `expires` is for cookies without an end, and moves the document alone. With cookie.maxAge express-session gives one end to both.";
  }
  return "The cookie names no end: the browser keeps it until it is closed, and the document stays for the 14 days that are the store's default. cookie.maxAge, an option of session(), gives one end to both.";
}

/** Why the cookie ends so long after a request that came 10 minutes after the shop had opened. */
export function likelyWrongAge(stage: Stage, lasts: number): string {
  if (lasts < MINUTE) {
    return 'maxAge is in milliseconds. 30 * 60 of them are 1.8 seconds; 30 minutes are 30 * 60 * 1000, as IDLE_LIMIT says.';
  }
  if (stage.says(/new Date\(/) && Math.abs(lasts - 20 * MINUTE) < MINUTE) {
    return 'The shop opened 10 minutes before this request. The end was computed once, then, and is the same moment for everybody. maxAge is counted anew for each request.';
  }
  return 'The lesson asks for 30 minutes: maxAge: IDLE_LIMIT. Was another limit left in from trying it out?';
}

/** Why a look did not move the document's end. @param left that end; 0 when the document is gone */
export async function likelyUnmoved(stage: Stage, left: number): Promise<string> {
  if (!left) {
    return 'Ada was here 20 minutes ago, and her session is gone. If it is the absolute limit, it counts 8 hours from loggedInAt, in milliseconds.';
  }
  const call = await stage.sessionCall();
  if (call?.touches) {
    return 'There is a touch, and it did not move the end. It has to set `expires`, a field of the document, to session.cookie.expires. And it has to be there before session() is called: express-session looks for it once.';
  }
  if (call?.rolling === 'true') {
    return 'rolling: true renews the cookie and, on this store, nothing else. The end in the store is moved by store.touch, and this store has none. Give it one in createStore().';
  }
  return 'express-session moves the end of a session that nobody changed by store.touch, and this store has none. Give it one in createStore(); rolling: true then moves the cookie with it.';
}

/** Why a look wrote the whole session. */
export async function likelyBackAgain(stage: Stage): Promise<string> {
  const price =
    'every page writes back the session as it was when the page began, and what another tab stored meanwhile is lost.';
  const call = await stage.sessionCall();
  const resaved = resaves(call);
  if (resaved) {
    return `${resaved} keeps Ada logged in; express-session itself advises it for stores without touch. Its price: ${price} A touch moves the end alone.`;
  }
  if (call?.touches) {
    return `touch() writes the whole session: ${price} Update expires, and nothing else.`;
  }
  return `Something in req.session changes on each request, so ${price} A touch moves the end alone.`;
}

/** Why a session that is used does not end. */
export function likelyEndless(stage: Stage): string {
  if (stage.says(/\.loggedInAt = /)) {
    return 'The limit moves along: loggedInAt is set anew after the login. It is set once, by logIn().';
  }
  return 'Nothing counts from the login, so a session that is used never ends, nor does a stolen one. req.session.loggedInAt says when the login was.';
}
