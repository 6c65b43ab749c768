import { type Doubt, must, StepFailure } from '#grader/check/check.ts';
import { cartInWords, type Exchange } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import {
  likelyDishonest,
  likelyElsewhere,
  likelyNeverThere,
  likelyUnmoved,
  likelyWrongEnd,
} from './either-store-words.ts';
import { type Outage, untilServed, whileAway } from './outage.ts';
import { endOfCookie, inWords } from './session-end.ts';
import type { SessionHome } from './session-home.ts';

// What earlier lessons asked of one store, played on either: the same requests, the same conditions.

const MINUTE = 60_000;
const IDLE_LIMIT = 30 * MINUTE;
const ABSOLUTE_LIMIT = 8 * 60 * MINUTE;
/** How far an end may be off, in milliseconds: a machine may be slow, and Redis counts in seconds. */
const TOLERANCE = MINUTE;
/** How long a shop may wait for its store while it is away, in milliseconds: short, to be quick. */
const TIMEOUT = 300;
/** How long a shop may take to find its store again. Only one that has given up takes so long. */
const RECOVERY_LIMIT = 10_000;
/** How long a process may take to end that was asked to. */
const ENDING_LIMIT = 5000;

/** A shop on a store, for all steps that play on it. */
export interface Scene {
  readonly stage: Stage;
  readonly home: SessionHome;
  readonly shop: RunningShop;
  /** Where in the answer this store is made. */
  readonly look: NonNullable<Doubt['look']>;
}

/** Lessons 2 and 3: what a shopper stored is there after a restart, and belongs to them alone. */
export async function keepsSessions({ stage, home, shop, look }: Scene): Promise<string> {
  const ann = stage.shopper('Ann', shop);
  const added = await untilServed(() => ann.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
  must(added.status === 303, { after: added, likely: likelyNeverThere(stage, home), look });
  const id = ann.sessionId() ?? '';
  const stored = await home.read(id);
  must(stored?.cart, {
    after: added,
    got: `${added.got}\n${home.inWords(id)} is not in ${home.name}, or has no cart in it`,
    likely: likelyElsewhere(home, await stage.mongo.session(id)),
    look,
  });
  await shop.restart();
  const cart = await untilServed(() => ann.asks('/cart'), RECOVERY_LIMIT);
  must(cartInWords(cart.cart) === 'a cart with 1 × mug', {
    after: cart,
    sent: `POST /cart product=mug, then the shop's process ended and a new one started\n${cart.sent}`,
    likely: `The session is in ${home.name}, and the new process did not find it there. Does get() ask for the same key that set() writes?`,
    look,
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
    look: [/guarded\(/, ...[look].flat()],
  });
  return id;
}

/** Lesson 7: a login gets a new ID, and a logout leaves nothing behind. */
export async function endsAtLogout({ stage, home, shop, look }: Scene, login: Record<string, string>) {
  const ada = stage.shopper('Ada', shop);
  await untilServed(() => ada.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
  const visitors = ada.sessionId() ?? '';
  const loggedIn = await ada.posts('/login', login);
  const id = ada.sessionId() ?? '';
  must((await home.read(id))?.isLoggedIn, {
    after: loggedIn,
    got: `${loggedIn.got}\n${home.inWords(id)} is not in ${home.name}, or is nobody's login`,
    likely: likelyElsewhere(home, await stage.mongo.session(id)),
    look,
  });
  must(id !== visitors && !(await home.read(visitors)), {
    after: loggedIn,
    got: `${loggedIn.got}\n${home.inWords(visitors)}, the one from before the login, is still in ${home.name}`,
    likely: `destroy() did not reach ${home.name}: whoever knows the old ID still has the visitor's session. Does it name the same key as set()?`,
    look: [/destroy|\bdel\b/, ...[look].flat()],
  });
  const cookie = ada.sessionCookie();
  const left = await ada.posts('/logout');
  ada.carries(cookie?.name ?? '', cookie?.value ?? '');
  const again = await ada.visits('/account');
  must(!(await home.read(id)) && again.account === undefined, {
    after: left,
    got: `${left.got}\n${home.inWords(id)} is still in ${home.name}`,
    likely: `A logout has to delete the session where it is kept. Does destroy() name the same key as set()?`,
    look: [/destroy|\bdel\b/, ...[look].flat()],
  });
}

/** Lesson 9: a session ends 30 minutes after the last look, and 8 hours after its login, cookie and store alike. */
export async function slidesAndEnds({ stage, home, shop, look }: Scene, login: Record<string, string>) {
  const ada = stage.shopper('Ada', shop);
  const loggedIn = await untilServed(() => ada.asks('/login', login), RECOVERY_LIMIT);
  const id = ada.sessionId() ?? '';
  const endsIn = async (limit: number, after: Exchange, likely: (left: number) => string) => {
    const left = await home.left(id);
    const cookie = (endOfCookie(after) ?? 0) - stage.clock.now().getTime();
    must(Math.abs(left - limit) < TOLERANCE && Math.abs(cookie - limit) < TOLERANCE, {
      after,
      got: `${after.got}\n${home.inWords(id)} ends in ${Number.isFinite(left) ? inWords(left) : 'no time: nothing ends it'}`,
      likely: likely(left),
      look: [/ttl|TTL|touch|Touch|expire/, ...[look].flat()],
    });
  };
  const pass = async (ms: number) => {
    await stage.timePasses(ms);
    await home.timePasses(ms);
  };
  await endsIn(IDLE_LIMIT, loggedIn, (left) => likelyWrongEnd(home, left));
  // The first page takes the welcome out of the session, and so writes it. The next one only looks.
  await ada.visits('/');
  await pass(20 * MINUTE);
  await endsIn(IDLE_LIMIT, await ada.visits('/'), () => likelyUnmoved(home));
  // She comes by in time, again and again, until ten minutes before the absolute limit.
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

/** Lesson 10: away, an honest 503 soon; back, nothing that was acknowledged is lost, and nothing else was stored. */
export async function survivesOutages({ stage, home, look }: Omit<Scene, 'shop'>): Promise<RunningShop> {
  const shop = stage.otherShop({ ...home.config, databaseTimeoutMs: TIMEOUT });
  const [ann, ben] = [stage.shopper('Ann', shop), stage.shopper('Ben', shop)];
  for (const each of [ann, ben]) {
    const added = await untilServed(() => each.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
    must(added.status === 303, { after: added, likely: likelyNeverThere(stage, home), look });
  }
  const before = new Set(await home.ids());
  for (const outage of ['refuse', 'hang'] as const) {
    const dot = stage.shopper('Dot', shop);
    const answers = await whileAway(home.line, outage, async () => {
      const tell = silentWhileAway(home, outage, look);
      const first = ann.asks('/cart').catch(tell);
      // One after the other where that matters: when the first was refused, the client knows that its server is away.
      if (outage === 'refuse' && home.queues) await first;
      return await Promise.all([
        first,
        ben.asks('/cart', { product: 'teapot' }).catch(tell),
        dot.asks('/cart', { product: 'teapot' }).catch(tell),
      ]);
    });
    for (const answer of answers) mustSayAway(home, outage, answer, look);
    for (const each of [ann, ben]) {
      const cart = await untilServed(() => each.asks('/cart'), RECOVERY_LIMIT);
      must(
        cart.cart.some(({ product }) => product === 'mug'),
        {
          after: cart,
          sent: `${cart.sent}\nafter ${home.name} had come back`,
          likely:
            cart.status === 503
              ? `${home.name} is back, and the shop does not find it: its client has given up. A reconnectStrategy that returns a number tries again; the default gives up after a socketTimeout, false at once.`
              : `The mug was acknowledged before ${home.name} went away, and is lost.`,
          look: [/reconnectStrategy|socketTimeout/, ...[look].flat()],
        },
      );
    }
    const ghosts = (await home.ids()).filter((id) => !before.has(id));
    must(ghosts.length === 0, {
      after: answers[2] as Exchange,
      got: `${answers[2]?.got}\nand after ${home.name} had come back: ${home.inWords(ghosts[0] ?? '')}`,
      likely:
        'The shop said no, and stored it all the same: the client kept the command in its queue, and sent it when Redis came back. With disableOfflineQueue: true it fails at once.',
      look: [/createClient/, ...[look].flat()],
    });
  }
  return shop;
}

/** Lesson 11: a shop that is asked to close lets go of its store, and its process ends. */
export async function closes(shop: RunningShop, { home, look }: Pick<Scene, 'home' | 'look'>): Promise<void> {
  // Its shutDown may wait for a close() that never ends.
  await Promise.race([shop.retire(), shop.endsWithin(ENDING_LIMIT)]);
  must(await shop.endsWithin(ENDING_LIMIT), {
    sent: 'shutDown(), as at a deploy',
    got: `after ${ENDING_LIMIT / 1000} s the process still runs`,
    likely: `Something is still open in it: the connection to ${home.name}. The store's close() has to close its client.`,
    look: [/close/, ...[look].flat()],
  });
  const how = await shop.howItEnded();
  must(how === 'ended with exit code 0', {
    sent: 'shutDown(), as at a deploy',
    got: `the process ${how}`,
    likely:
      'It ended by an error, and not because all was done: whoever watches the deploy sees a crash. Has the store a close() that shutDown() can call, and does that come to an end?',
    look: [/close/, ...[look].flat()],
  });
}

const OUTAGES: Readonly<Record<Outage, string>> = {
  refuse: 'was down and refused connections',
  hang: 'took connections and answered nothing',
};

/** For a request that got no answer in time. */
function silentWhileAway(home: SessionHome, outage: Outage, look: Doubt['look']) {
  return (error: unknown): never => {
    if (!(error instanceof StepFailure) || !error.doubt.got?.startsWith('no answer within')) throw error;
    throw new StepFailure({
      ...error.doubt,
      sent: `${error.doubt.sent}\nwhile ${home.name} ${OUTAGES[outage]}`,
      likely: `Somebody waits for ${home.name}, and nothing ends it. guarded() answers for a store that does not; is this store guarded?`,
      ...(look ? { look } : {}),
    });
  };
}

/** Goes on when the shop said that its store is away. */
export function mustSayAway(
  home: Pick<SessionHome, 'name'>,
  outage: Outage,
  answer: Exchange,
  look: Doubt['look'],
): void {
  must(answer.status === 503, {
    after: answer,
    sent: `${answer.sent}\nwhile ${home.name} ${OUTAGES[outage]}`,
    likely: likelyDishonest(home, answer),
    ...(look ? { look } : {}),
  });
}
