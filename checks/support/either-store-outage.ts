import { type FailureDetails, must, StepFailure } from '#grader/check/check.ts';
import { type Exchange, sessionIdIn } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import { limitNow } from '../../scripts/shared/fair-time.ts';
import { mustBeStored, RECOVERY_LIMIT, type ShopOnStore } from './either-store.ts';
import {
  GUARD,
  likelyDishonest,
  likelyGivenUp,
  likelyNeverThere,
  placesOfConnecting,
} from './either-store-words.ts';
import { type Outage, untilServed, whileAway } from './outage.ts';
import type { SessionHome } from './session-home.ts';
import { endedByError } from './unheard-error.ts';

// Checks of lessons 10 and 11, on either store: it goes away and comes back, and the shop closes its connection.

/** How long the shop is told to wait for its store, in milliseconds: short, for a quick check. */
const TIMEOUT = 300;
/** How long a process that was asked to end may take, in milliseconds. */
const ENDING_LIMIT = 5000;

/** Where a Redis client is told whether to reconnect. */
const RECONNECTS = /reconnectStrategy|socketTimeout/;

const OUTAGES: Readonly<Record<Outage, string>> = {
  refuse: 'was down and refused connections',
  hang: 'took connections and answered nothing',
};

/** Lesson 10: while the store is away, a 503 comes soon; when it is back, nothing acknowledged is lost, and nothing else was stored. */
export async function survivesOutages(tested: Omit<ShopOnStore, 'shop'>): Promise<RunningShop> {
  const { stage, home, look } = tested;
  const shop = stage.otherShop({ ...home.config, databaseTimeoutMs: limitNow(TIMEOUT) });
  await outlives({ ...tested, shop }).catch(endedByError(shop, look));
  return shop;
}

async function outlives(tested: ShopOnStore): Promise<void> {
  const { stage, home, shop, look } = tested;
  const [ann, ben] = [stage.shopper('Ann', shop), stage.shopper('Ben', shop)];
  const { connections, open } = home.line;
  for (const each of [ann, ben]) {
    const added = await untilServed(() => each.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
    // On a busy machine a client with a short limit may give up before any outage.
    const gaveUp = home.line.connections > connections && home.line.open <= open;
    must(added.status === 303, {
      after: added,
      likely: gaveUp ? likelyGivenUp(home, 'there') : likelyNeverThere(home),
      look: [...(gaveUp ? [RECONNECTS] : placesOfConnecting(home)), ...[look].flat()],
    });
    await mustBeStored(tested, added, each.sessionId() ?? '');
  }
  const before = new Set(await home.ids());
  for (const outage of ['refuse', 'hang'] as const) {
    const dot = stage.shopper('Dot', shop);
    const answers = await whileAway(home.line, outage, async () => {
      const tell = silentWhileAway(home, outage, look);
      const first = ann.asks('/cart').catch(tell);
      // Where the client queues, one after the other: after the first refusal it knows that its server is away.
      if (outage === 'refuse' && home.queues) await first;
      return await Promise.all([
        first,
        ben.asks('/cart', { product: 'teapot' }).catch(tell),
        dot.asks('/cart', { product: 'teapot' }).catch(tell),
      ]);
    });
    for (const answer of answers) await mustSayAway(stage, home, outage, answer, look);
    for (const each of [ann, ben]) {
      const cart = await untilServed(() => each.asks('/cart'), RECOVERY_LIMIT);
      must(
        cart.cart.some(({ product }) => product === 'mug'),
        {
          after: cart,
          sent: `${cart.sent}\nafter ${home.name} had come back`,
          likely:
            cart.status === 503
              ? likelyGivenUp(home, 'back')
              : `The mug was acknowledged before ${home.name} went away, and is lost.`,
          look: cart.status === 503 ? [RECONNECTS, ...[look].flat()] : look,
        },
      );
    }
    const ghosts = (await home.ids()).filter((id) => !before.has(id));
    must(ghosts.length === 0, {
      after: answers[2] as Exchange,
      got: `${answers[2]?.got}\nand after ${home.name} had come back: ${home.nameOf(ghosts[0] ?? '')}`,
      likely:
        'The shop said no, and stored it all the same: the client kept the command in its queue, and sent it when Redis came back. With disableOfflineQueue: true it fails at once.',
      look: [/createClient/, ...[look].flat()],
    });
  }
}

/** Lesson 11: a shop that is asked to close closes its store, and its process ends. */
export async function closes(
  shop: RunningShop,
  { home, look }: Pick<ShopOnStore, 'home' | 'look'>,
): Promise<void> {
  // Its shutDown may wait for a close() that never ends.
  await Promise.race([shop.retire(), shop.endsWithin(ENDING_LIMIT)]);
  must(await shop.endsWithin(ENDING_LIMIT), {
    sent: 'shutDown(), as at a deploy',
    got: `after ${ENDING_LIMIT / 1000} s the process still runs`,
    likely:
      home.line.open > 0
        ? `Something is still open in it: the connection to ${home.name}. The store's close() has to close its client.`
        : `It has let go of ${home.name}, and something else in it is still open: a timer, a server, another connection.`,
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

/** For a request that got no answer in time. */
function silentWhileAway(home: SessionHome, outage: Outage, look: FailureDetails['look']) {
  return (error: unknown): never => {
    if (!(error instanceof StepFailure) || !error.details.got?.startsWith('no answer within')) throw error;
    throw new StepFailure({
      ...error.details,
      sent: `${error.details.sent}\nwhile ${home.name} ${OUTAGES[outage]}`,
      likely: `Somebody waits for ${home.name}, and nothing ends it. guarded() answers for a store that does not; is this store guarded?`,
      look: [GUARD, ...[look ?? []].flat()],
    });
  };
}

/** Fails unless the shop said that its store is away. */
export async function mustSayAway(
  { mongo }: Stage,
  home: Pick<SessionHome, 'name'>,
  outage: Outage,
  answer: Exchange,
  look: FailureDetails['look'],
): Promise<void> {
  if (answer.status === 503) return;
  const id = sessionIdIn(answer.sessionCookie?.value ?? '') ?? '';
  const inMongo = home.name === 'Redis' && (await mongo.session(id)) !== null;
  must(false, {
    after: answer,
    sent: `${answer.sent}\nwhile ${home.name} ${OUTAGES[outage]}`,
    likely: likelyDishonest(home, answer, inMongo),
    look: [inMongo ? /createMongoStore\(/ : GUARD, ...[look ?? []].flat()],
  });
}
