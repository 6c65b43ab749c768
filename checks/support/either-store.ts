import { type FailureDetails, must, needs } from '#grader/check/check.ts';
import { describeCart, type Exchange } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import {
  GUARD,
  likelyElsewhere,
  likelyNeverThere,
  likelyUnmoved,
  likelyWrongEnd,
  placesOfConnecting,
  placesOfStoring,
} from './either-store-words.ts';
import { untilServed } from './outage.ts';
import { duration, endOfCookie } from './session-end.ts';
import type { SessionHome } from './session-home.ts';

// Checks of earlier lessons, on either store: the same requests, the same conditions.

const MINUTE = 60_000;
const IDLE_LIMIT = 30 * MINUTE;
const ABSOLUTE_LIMIT = 8 * 60 * MINUTE;
/** The tolerance for an end, in milliseconds: a machine may be slow, and Redis counts in seconds. */
const TOLERANCE = MINUTE;
/** How long a shop may take to find its store again, in milliseconds. Only one that has given up takes that long. */
export const RECOVERY_LIMIT = 10_000;

/** A shop on a store, for all steps that use it. */
export interface ShopOnStore {
  readonly stage: Stage;
  readonly home: SessionHome;
  readonly shop: RunningShop;
  /** Where in the answer this store is made. */
  readonly look: NonNullable<FailureDetails['look']>;
  /** The step that says why sessions are not in this store, for other steps that need them: '12.2'. */
  readonly waitsFor?: string;
}

/** Fails unless the session that a step needs is in the store. */
export async function mustBeStored(
  tested: Omit<ShopOnStore, 'shop'>,
  after: Exchange,
  id: string,
): Promise<void> {
  const { stage, home, look, waitsFor } = tested;
  needs(waitsFor, await home.read(id), {
    after,
    got: `${after.got}\n${home.nameOf(id)} is not in ${home.name}`,
    likely: likelyElsewhere(home, await stage.mongo.session(id)),
    look: [...placesOfStoring(home, await stage.mongo.session(id)), ...[look].flat()],
  });
}

/** Lessons 2 and 3: what a shopper stored is there after a restart, and belongs to them alone. */
export async function keepsSessions({ stage, home, shop, look }: ShopOnStore): Promise<string> {
  const ann = stage.shopper('Ann', shop);
  const added = await untilServed(() => ann.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
  must(added.status === 303, {
    after: added,
    likely: likelyNeverThere(home),
    look: [...placesOfConnecting(home), ...[look].flat()],
  });
  const id = ann.sessionId() ?? '';
  const stored = await home.read(id);
  must(stored?.cart, {
    after: added,
    got: `${added.got}\n${home.nameOf(id)} is not in ${home.name}, or has no cart in it`,
    likely: likelyElsewhere(home, await stage.mongo.session(id)),
    look: [...placesOfStoring(home, await stage.mongo.session(id)), ...[look].flat()],
  });
  await shop.restart();
  const cart = await untilServed(() => ann.asks('/cart'), RECOVERY_LIMIT);
  must(describeCart(cart.cart) === 'a cart with 1 × mug', {
    after: cart,
    sent: `POST /cart product=mug, then the shop's process ended and a new one started\n${cart.sent}`,
    likely: `The session is in ${home.name}, and the new process did not find it there. Does get() ask for the same key that set() writes?`,
    look: [/\bget\(|prefix/, ...[look].flat()],
  });
  const ben = await stage.shopper('Ben', shop).opensCart();
  must(ben.cart.length === 0, {
    after: ben,
    likely: 'Ben was shown the cart of another shopper. A session is found by its own ID, whole.',
    look,
  });
  const tooMuch = await ann.asks('/cart/note', { note: 'x'.repeat(20_000) });
  must(tooMuch.status === 413, {
    after: { ...tooMuch, sent: tooMuch.sent.replace(/x{20,}/, 'x…'), got: tooMuch.got } as Exchange,
    likely: `A session over the budget was not refused: the store in ${home.name} is not guarded(). What lesson 10 asked holds for either store.`,
    look: [GUARD, ...[look].flat()],
  });
  return id;
}

/** Lesson 7: a login gets a new ID, and a logout leaves nothing behind. */
export async function endsAtLogout(tested: ShopOnStore, login: Record<string, string>) {
  const { stage, home, shop, look } = tested;
  const ada = stage.shopper('Ada', shop);
  const added = await untilServed(() => ada.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
  const visitors = ada.sessionId() ?? '';
  await mustBeStored(tested, added, visitors);
  const loggedIn = await ada.posts('/login', login);
  const id = ada.sessionId() ?? '';
  must((await home.read(id))?.isLoggedIn, {
    after: loggedIn,
    got: `${loggedIn.got}\n${home.nameOf(id)} is not in ${home.name}, or is nobody's login`,
    likely: likelyElsewhere(home, await stage.mongo.session(id)),
    look: [...placesOfStoring(home, await stage.mongo.session(id)), ...[look].flat()],
  });
  must(id !== visitors && !(await home.read(visitors)), {
    after: loggedIn,
    got: `${loggedIn.got}\n${home.nameOf(visitors)}, the one from before the login, is still in ${home.name}`,
    likely: `destroy() did not reach ${home.name}: whoever knows the old ID still has the visitor's session. Does it name the same key as set()?`,
    look: [/destroy|\bdel\b/, ...[look].flat()],
  });
  await ada.lands(loggedIn);
  const cookie = ada.sessionCookie();
  const left = await ada.posts('/logout');
  await ada.lands(left);
  ada.carries(cookie?.name ?? '', cookie?.value ?? '');
  const again = await ada.visits('/account');
  must(!(await home.read(id)) && again.account === undefined, {
    after: left,
    got: `${left.got}\n${home.nameOf(id)} is still in ${home.name}`,
    likely: `A logout has to delete the session where it is kept. Does destroy() name the same key as set()?`,
    look: [/destroy|\bdel\b/, ...[look].flat()],
  });
}

/** Lesson 9: a session ends 30 minutes after the last look, and 8 hours after its login, cookie and store alike. */
export async function slidesAndEnds(tested: ShopOnStore, login: Record<string, string>) {
  const { stage, home, shop, look } = tested;
  const ada = stage.shopper('Ada', shop);
  const loggedIn = await untilServed(() => ada.asks('/login', login), RECOVERY_LIMIT);
  const id = ada.sessionId() ?? '';
  await mustBeStored(tested, loggedIn, id);
  const endsIn = async (limit: number, after: Exchange, likely: (left: number) => string) => {
    const left = await home.left(id);
    const cookie = (endOfCookie(after) ?? 0) - stage.clock.now().getTime();
    must(Math.abs(left - limit) < TOLERANCE && Math.abs(cookie - limit) < TOLERANCE, {
      after,
      got: `${after.got}\n${home.nameOf(id)} ends in ${Number.isFinite(left) ? duration(left) : 'no time: nothing ends it'}`,
      likely: likely(left),
      look: [/ttl|TTL|touch|Touch|expire/, ...[look].flat()],
    });
  };
  const pass = async (ms: number) => {
    await stage.timePasses(ms);
    await home.timePasses(ms);
  };
  await endsIn(IDLE_LIMIT, loggedIn, (left) => likelyWrongEnd(home, left));
  // The first page removes the welcome from the session, and so writes it. The next one only reads.
  await ada.visits('/');
  await pass(20 * MINUTE);
  await endsIn(IDLE_LIMIT, await ada.visits('/'), () => likelyUnmoved(home));
  // She visits in time, again and again, until ten minutes before the absolute limit.
  for (let passed = 20; passed < 470; passed += 25) {
    await pass(25 * MINUTE);
    await ada.visits('/');
  }
  await endsIn(ABSOLUTE_LIMIT - 470 * MINUTE, await ada.visits('/account'), (left) =>
    likelyWrongEnd(home, left),
  );
  const cookie = ada.sessionCookie();
  await pass(11 * MINUTE);
  ada.carries(cookie?.name ?? '', cookie?.value ?? '');
  const late = await ada.visits('/account');
  must(late.account === undefined, {
    after: late,
    sent: `${late.sent}\n11 minutes after the last look, which left 10`,
    likely: `The session had ended, and ${home.name} gave it out. Whatever keeps a copy of it has to end with it.`,
    look,
  });
}
