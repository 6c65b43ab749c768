import { randomBytes } from 'node:crypto';
import { sign } from 'cookie-signature';
import { must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { duration, endNow, movedEnd, settled } from './session-end.ts';

// Whose session a page of lesson 9 prolongs or ends.

const MINUTE = 60_000;

/** Fails unless a visitor with a cart, and no login, moves the end of their own session by looking, and of no other. */
export async function mustMoveOwnEnd(stage: Stage, look: readonly RegExp[]): Promise<void> {
  const [ann, ben] = [stage.shopper('Ann'), stage.shopper('Ben')];
  for (const each of [ann, ben]) {
    await each.lands(await each.adds('teapot'));
    await each.opensCart();
    await settled(each);
  }
  const [id, other] = [ann.sessionId() ?? '', ben.sessionId() ?? ''];
  const before = await endNow(stage, id, look);
  const others = await endNow(stage, other, look);
  await stage.timePasses(20 * MINUTE);
  stage.mongo.tap.forget();
  const looked = await ann.visits('/');
  const moved = await movedEnd(stage, ann, { id, beyond: before + 10 * MINUTE, look });
  const sent = `20 minutes after Ann's and Ben's last requests, both with a cart and no login, by Ann\n${looked.sent}`;
  // A touch of Ben's own that nobody waited for moves it by less than a second.
  must((await endNow(stage, other, look)) < others + 10 * MINUTE, {
    after: looked,
    sent,
    got: `${looked.got}\nthe end of Ben's document moved, and he was not here`,
    likely:
      'A look moves the end of one document, that of its own session: updateOne() with the ID that touch() is given. An update of all of them keeps everybody logged in, for as long as anybody looks.',
    look: [/updateMany/, ...look],
  });
  must(moved > before + 10 * MINUTE, {
    after: looked,
    sent,
    got: `${looked.got}\nAnn's document ends as before`,
    likely:
      "Ada's look moved the end of her session, and Ann's did not: she has a cart and has not logged in. The idle limit counts from the last request for every session.",
    look,
  });
}

/**
 * Fails when a page that needs no login goes through after the absolute limit, and the login lives on.
 * @param ended the document of a login that is over the absolute limit, before any request of it
 */
export async function mustEndOnAnyPage(
  stage: Stage,
  ended: { readonly session: Readonly<Record<string, unknown>>; readonly expires: Date },
  sent: string,
  look: readonly RegExp[],
): Promise<void> {
  const id = randomBytes(24).toString('base64url');
  const looked = await looksAs(stage, { ...ended, _id: id }, '/');
  const left = await stage.mongo.session(id);
  const now = stage.clock.now();
  must(looked.status >= 300 || !left?.session?.isLoggedIn || left.expires <= now, {
    after: looked,
    sent: `${sent}, with another login as old as Ada's\n${looked.sent}`,
    got: `${looked.got}\nthe document still has isLoggedIn, and ends in ${duration((left?.expires.getTime() ?? 0) - now.getTime())}`,
    likely:
      'GET /account ended such a login, and GET / prolonged it: the limit holds for some pages only. In a middleware above all routes it holds for each.',
    look,
    decided: true,
  });
}

/** Opens a page with a session that is put into the store for it, by a shopper of its own. */
export async function looksAs(
  stage: Stage,
  document: { readonly _id: string; readonly session: object; readonly expires: Date },
  path: string,
): Promise<Exchange> {
  await stage.mongo.put(document);
  const dot: Shopper = stage.shopper('Dot');
  await dot.visits('/shop.css');
  dot.carries('connect.sid', `s:${sign(document._id, stage.config.sessionSecret)}`);
  const looked = await dot.asks(path);
  await settled(dot);
  return looked;
}
