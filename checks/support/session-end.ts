import { randomBytes } from 'node:crypto';
import { sign } from 'cookie-signature';
import type { IndexDescriptionInfo } from 'mongodb';
import { must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { askUntil } from '../../scripts/shared/fair-time.ts';

// The end of a session: when it is, and whether it moved.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** How long an index or a write may take, in milliseconds. Only a wrong answer makes a step wait that long. */
const WAITING_LIMIT = 3 * SECOND;

/** When the session cookie that came back ends; undefined when none came, or one that names no end. */
export function endOfCookie({ sessionCookie }: Exchange): number | undefined {
  return sessionCookie?.expires?.getTime();
}

/** Sends a request that needs no session: when it is answered, what the shop sent to MongoDB without waiting has arrived. */
export async function settled(shopper: Shopper): Promise<void> {
  await shopper.visits('/shop.css');
}

/** When a session's document ends; 0 when it is gone. Waits for a write that is still on its way. */
export async function movedEnd(
  stage: Stage,
  shopper: Shopper,
  { id, beyond, look }: { id: string; beyond: number; look: readonly RegExp[] },
) {
  await settled(shopper);
  const wrote = stage.mongo.tap.commands().some(({ name }) => name !== 'find');
  const end = () => endNow(stage, id, look);
  return await askUntil(end, (ms) => ms > beyond || !wrote, WAITING_LIMIT);
}

/** When the document of a session ends; 0 when it is gone, or names no end. */
export async function endNow({ mongo }: Stage, id: string, look: readonly RegExp[]): Promise<number> {
  const expires = (await mongo.session(id))?.expires;
  mustBeDate(expires, look);
  return expires?.getTime() ?? 0;
}

/** Fails unless an end in a document is a date, or missing. @param look where it is written */
function mustBeDate(expires: unknown, look: readonly RegExp[]): void {
  const isDate = expires === undefined || expires === null || expires instanceof Date;
  must(isDate, {
    sent: 'a page that is only looked at',
    got: `the document has expires: ${JSON.stringify(expires)}, a ${typeof expires} and no date`,
    likely:
      'expires was stored as something else than a date, and the TTL index clears out by dates alone: that document never ends. Store session.cookie.expires as it is, without toISOString() or getTime().',
    look,
  });
}

/** The TTL index. The store asks for it while the first requests are answered. */
export async function ttlIndex({ mongo }: Stage): Promise<IndexDescriptionInfo | undefined> {
  const indexes = async () => {
    // Without a collection there is no list of indexes.
    const all = await mongo.indexes().catch(() => []);
    const ttl = all.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    return ttl.find(clearsOut) ?? ttl[0];
  };
  return await askUntil(indexes, (index) => index !== undefined && clearsOut(index), WAITING_LIMIT);
}

const clearsOut = ({ key }: IndexDescriptionInfo) => 'expires' in key;

/** '30 minutes', '1.8 seconds', '14 days'. */
export function duration(ms: number): string {
  for (const [unit, length] of [
    ['days', 24 * HOUR],
    ['hours', HOUR],
    ['minutes', MINUTE],
  ] as const) {
    if (ms >= 2 * length) return `${Math.round((10 * ms) / length) / 10} ${unit}`;
  }
  const seconds = Math.round(ms / 100) / 10;
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

/** The store's default for the life of a document, in milliseconds. */
export const DEFAULT_AGE = 14 * 24 * HOUR;

/** Whether the session with a mug in it has ended. Found by the mug: Ann's browser has dropped the cookie with the ID. */
export async function isOver({ mongo, clock }: Stage): Promise<boolean> {
  const documents = await mongo.sessions();
  return documents.some(
    ({ session, expires }) => JSON.stringify(session.cart ?? '').includes('"mug"') && expires < clock.now(),
  );
}

/** When the document of a new session ends. Fails unless it is there and has a date. */
export async function endOfDocument(stage: Stage, added: Exchange, look: readonly RegExp[]): Promise<number> {
  const [document] = await stage.mongo.sessions();
  must(document, {
    after: added,
    got: `${added.got}\nshop.sessions is empty`,
    likely:
      'The answer is there, and its session is not in MongoDB yet: the redirect did not wait for it. await save(req), and then redirect.',
    look: [/save\(/, ...look],
  });
  mustBeDate(document.expires, look);
  must(document.expires, {
    after: added,
    got: `${added.got}\nthe document has no field expires`,
    likely:
      'get() of this store refuses by the field `expires` and by no other. With another expiresKey an ended session is served until MongoDB clears it out.',
    look: [/expiresKey/, /createStore/],
  });
  return document.expires.getTime();
}

/** Fails unless the document of an ended session is there until the TTL sweep, and gone after it. */
export async function mustBeClearedOut(
  stage: Stage,
  id: string,
  { sent, got, look }: { sent: string; got: string; look: readonly RegExp[] },
): Promise<void> {
  must(await stage.mongo.session(id), {
    sent,
    got: `${got}\nand the document of Ben, who asked for nothing, is gone as well`,
    likely:
      'Something in the shop deletes old sessions. MongoDB does that by the TTL index, once for all instances. A cleaner of your own costs a command each time, and runs on every one of them.',
    look: [/deleteMany|setInterval/, /createStore/],
  });
  await stage.mongo.sweep(stage.clock.now());
  const left = await stage.mongo.session(id);
  must(!left, {
    sent,
    got: `MongoDB cleared out, and the document of Ben is still there: expires ${left?.expires?.toISOString()}`,
    likely: 'What the TTL index deletes are documents whose `expires` is a date that has passed.',
    look: [/expiresAfterSeconds|expiresKey/, ...look],
  });
}

/** Fails unless a session that was stored before cookies had an end still ends after a page was read. */
export async function mustKeepAnEnd(stage: Stage, look: readonly RegExp[]): Promise<void> {
  const id = randomBytes(24).toString('base64url');
  const expires = new Date(stage.clock.now().getTime() + DEFAULT_AGE);
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: '/' };
  const cart = [{ productId: 'mug', quantity: 1 }];
  await stage.mongo.put({ _id: id, session: { cookie, cart }, expires });
  const dot = stage.shopper('Dot');
  await dot.visits('/shop.css');
  dot.carries('connect.sid', `s:${sign(id, stage.config.sessionSecret)}`);
  const looked = await dot.visits('/');
  await settled(dot);
  const left = await stage.mongo.session(id);
  mustBeDate(left?.expires, look);
  must(left === null || left.expires instanceof Date, {
    after: looked,
    sent: `${looked.sent}\nwith a session from before this lesson, whose cookie names no end`,
    got: `${looked.got}\nthe document has expires: ${left?.expires}, and so no end`,
    likely:
      'touch() stored session.cookie.expires, and a cookie without maxAge has none: MongoDB keeps null, and deletes that document never. Leave such a session as it is.',
    look,
  });
  must(left === null || left.expires > stage.clock.now(), {
    after: looked,
    sent: `${looked.sent}\nwith a session from before this lesson, whose cookie names no end`,
    got: `${looked.got}\nthe document has expires: ${left?.expires?.toISOString()}, which is over`,
    likely:
      'touch() made a date of session.cookie.expires, and a cookie without maxAge has none: new Date(null) is in 1970, so the look ended that session. Leave such a session as it is.',
    look,
  });
}
