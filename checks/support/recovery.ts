import { must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { mustBeHonest, NO_RIGHTS, type Outage, silentIn, untilServed, whileAway } from './outage.ts';

// Checks of lesson 10 for a shop whose database goes away and comes back.

/** How long a shop may take to find its database again, in milliseconds. Only a store that has given up takes that long. */
export const RECOVERY_LIMIT = 10_000;

/** The likely mistake when a shop says that its database is away before it was. */
export const LIKELY_ALWAYS_AWAY =
  'MongoDB is there, and the shop says that it is away. Are the timeouts in milliseconds? And is every 503 one for an error?';

/** Ann and Ben, with a mug each, and where in the answer to look: when the answer does not say that the database is away, and when no answer comes. */
interface Shopping {
  readonly shop: RunningShop;
  readonly ann: Shopper;
  readonly ben: Shopper;
  readonly look: { readonly away: readonly RegExp[]; readonly silent: readonly RegExp[] };
}

/** Takes the database away while three shoppers ask, and brings it back. Fails unless each was told so, and the mugs are there. */
export async function mustOutlive(
  stage: Stage,
  outage: Outage,
  { shop, ann, ben, look }: Shopping,
): Promise<void> {
  const answers = await whileAway(stage.mongo.tap, outage, () => {
    const asked = [
      ann.asks('/cart'),
      ben.asks('/cart', { product: 'teapot' }),
      stage.shopper('Dot', shop).asks('/cart', { product: 'teapot' }),
    ];
    return Promise.all(asked.map((answer) => answer.catch(silentIn(outage, look.silent))));
  });
  for (const answer of answers) mustBeHonest(stage, outage, answer, look.away);
  for (const each of [ann, ben]) {
    const cart = await untilServed(() => each.asks('/cart'), RECOVERY_LIMIT);
    must(
      cart.cart.some(({ product }) => product === 'mug'),
      {
        after: cart,
        sent: `${cart.sent}\nafter MongoDB had come back`,
        likely:
          'The mug was acknowledged before MongoDB went away, and is lost, or the shop did not find MongoDB again. A store that has been connected once finds it by itself: leave that to the driver.',
        look: look.away,
      },
    );
  }
}

/** Fails when a login that MongoDB refused to store logs in. */
export async function mustNotLogIn(stage: Stage, shop: RunningShop, look: readonly RegExp[]): Promise<void> {
  const eve = stage.shopper('Eve', shop);
  stage.mongo.tap.fail('update', NO_RIGHTS);
  const refused = await eve.asks('/login', demoLogins.ada);
  mustBeHonest(stage, undefined, refused, look);
  const account = await eve.asks('/account');
  must(account.account !== 'u-ada', {
    after: account,
    sent: `POST /login, and MongoDB refused its first update\n${account.sent}`,
    likely:
      'The shop said 503, and Eve is logged in after all: express-session stores what is in req.session when the response ends, whatever its status. Pass the error on to errorPage, which lets go of req.session.',
    look,
  });
}

/** An index in a createIndexes command. */
interface TtlIndex {
  readonly key?: object;
  readonly expireAfterSeconds?: number;
}

/** Fails unless a shop whose first connection failed asks for the TTL index later. @param after its first answer since */
export async function mustAskForIndex(
  { mongo }: Stage,
  after: Exchange,
  look: readonly RegExp[],
): Promise<void> {
  const asked = await mongo.tap.seen('createIndexes', RECOVERY_LIMIT).catch(() => undefined);
  const [{ key, expireAfterSeconds } = {}] = (asked?.body.indexes ?? []) as TtlIndex[];
  const isTtl = JSON.stringify(key) === '{"expires":1}' && Number(expireAfterSeconds) === 0;
  const isThere = isTtl && asked?.collection === 'sessions';
  must(isThere, {
    after,
    got: `${after.got}\nand MongoDB was ${asked ? `asked for an index ${JSON.stringify(key)} on ${asked.collection}, expireAfterSeconds ${expireAfterSeconds ?? 'not set'}` : 'not asked for the TTL index'}`,
    likely: asked
      ? "That is not the store's own index: createIndex({ expires: 1 }, { expireAfterSeconds: 0 }) on sessions. With more seconds an ended session lies there that much longer; without them, or elsewhere, nobody clears it out."
      : 'The store asks for its TTL index once, after its first connection, and that one failed. On a new database nobody clears out sessions then: ask for the index when the connection is there.',
    look,
  });
}
