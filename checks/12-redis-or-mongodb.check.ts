import {
  endsAtLogout,
  keepsSessions,
  type ShopOnStore,
  slidesAndEnds,
} from '#checks/support/either-store.ts';
import { closes, mustSayAway, survivesOutages } from '#checks/support/either-store-outage.ts';
import { LIKELY_IN_MONGODB } from '#checks/support/either-store-words.ts';
import { openEitherStore } from '#checks/support/open-either-store.ts';
import { mongoHome, redisHome } from '#checks/support/session-home.ts';
import { endedByError } from '#checks/support/unheard-error.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { startRedisProxy } from '../scripts/redis/redis-proxy.ts';
import { askUntil, limitNow } from '../scripts/shared/fair-time.ts';

/** How long a client may take to try again, in milliseconds. Only one that has given up takes so long. */
const AGAIN_LIMIT = 5000;

const CHOICE = [/config\.store/, /createMongoStore\(/];
/** What an error of the code itself begins with. */
const MISTAKE = /^(?:Type|Reference)Error: /m;
const CLIENT = [/createClient\(/, /createRedisStore\(/, ...CHOICE];

export default defineCheck(
  (step) => {
    step('12.1', 'config chooses the store, and neither stands in for the other', async (stage) => {
      // Somebody listens there, and it is no Redis: all who come are sent away, and counted.
      const away = new URL(await stage.databaseAway());
      const line = await startRedisProxy(`redis://${away.host}`);
      stage.afterwards(() => line.stop());
      const config = { redisUrl: line.url };
      const ann = stage.shopper('Ann', stage.otherShop(config));
      const added = await ann.asks('/cart', { product: 'mug' });
      must(added.status === 303 && (await stage.mongo.session(ann.sessionId() ?? '')), {
        after: added,
        sent: `with a config that has a redisUrl, and no store\n${added.sent}`,
        likely:
          'Config did not ask for Redis: redisUrl only says where it would be. Without config.store it is MongoDB, as in all lessons before.',
        look: CHOICE,
      });
      const shop = stage.otherShop({ ...config, databaseTimeoutMs: limitNow(5000), store: 'redis' });
      stage.describeRedis = async () =>
        `is away; ${line.connections ? 'the shop tried to connect' : 'the shop never tried to connect'}`;
      const ben = stage.shopper('Ben', shop);
      const asks = () => ben.asks('/cart', { product: 'mug' }).catch(endedByError(shop, CLIENT));
      const printed = shop.printed;
      const refused = await asks();
      // A mistake in the code answers with 500, too, whether Redis is there or not.
      const isMistake = refused.status === 500 && (await shop.says(MISTAKE, { after: printed, withinMs: 0 }));
      const noMethod = isMistake && shop.line(/this\.store\.\w+ is not a function/);
      must(!noMethod, {
        after: refused,
        got: `500: an error page\n${noMethod}`,
        likely:
          'guarded() was given something that is no store. An async function returns a promise of one: createRedisStore() returns the store itself, and waits for no connection. The shop opens without its Redis, too.',
        look: [/async function createRedisStore/, ...CLIENT],
        decided: true,
      });
      if (isMistake) throw await shop.refusal(refused, printed);
      const inMongo = await stage.mongo.session(ben.sessionId() ?? '');
      must(!inMongo || line.connections > 0, {
        after: refused,
        sent: `with store: 'redis' in its config\n${refused.sent}`,
        likely: `Nobody asked for Redis. ${LIKELY_IN_MONGODB}`,
        look: [/createMongoStore\(/, ...CHOICE],
      });
      await mustSayAway(stage, { name: 'Redis' }, 'refuse', refused, CLIENT);
      // A client that comes a second time was sent away a first time, and its process lives on. It comes soon.
      await askUntil(asks, () => line.connections >= 2, AGAIN_LIMIT);
      await asks();
      return 'Without a word it is MongoDB. Told redis, the shop asked Redis, which was away: it said 503, and put nothing anywhere else.';
    });

    step('12.2', 'on Redis, a session is a key that outlives the process', async (stage) => {
      const id = await keepsSessions(await onRedis(stage));
      must(
        (await stage.mongo.sessions()).every(({ _id }) => _id !== id),
        {
          sent: "GET and POST, with store: 'redis' in the config",
          got: 'the session is in Redis, and in MongoDB too',
          likely: 'One store is enough. Two of them have to agree, and one day they will not.',
          look: CHOICE,
        },
      );
      return `Ann's session is the key sess:${id.slice(0, 8)}…, in JSON. It outlived the process, Ben did not get it, and over 4 KB it is refused.`;
    });

    step('12.3', 'on Redis, a login has a new key, and a logout leaves none', async (stage) => {
      await endsAtLogout(await onRedis(stage), demoLogins.ada);
      return 'The visitor’s key was gone after the login, the user’s after the logout, and the old cookie opened nothing.';
    });

    step('12.4', 'on Redis, the key’s own end is the session’s, and moves with each look', async (stage) => {
      await slidesAndEnds(await onRedis(stage), demoLogins.ada);
      return 'The key ended in 30 minutes, again after a look, and at the latest 8 hours after the login. Redis counts; no index, no clean-up.';
    });

    step('12.5', 'on Redis, an outage is an honest 503, and nothing is stored behind it', async (stage) => {
      const tested = await onRedis(stage);
      const shop = await survivesOutages(tested);
      await closes(shop, tested);
      return 'Down, then silent: a 503 each time. Back again, the same process had every mug, and no command from before. Asked to close, it ended.';
    });

    step('12.6', 'on MongoDB, all of this holds as before', async (stage) => {
      const tested = shopOn(stage, mongoHome(stage), CHOICE);
      await keepsSessions(tested);
      await endsAtLogout(tested, demoLogins.ada);
      await slidesAndEnds(tested, demoLogins.ada);
      const shop = await survivesOutages(tested);
      await closes(shop, tested);
      return 'The same requests, the same answers: restart, login, logout, 30 minutes, 8 hours, two outages. Only config was another.';
    });
  },
  { opens: openEitherStore },
);

const shops = new WeakMap<Stage, ShopOnStore>();

/** The shop on Redis: one process, for all steps that play on it. @throws {StepSkipped} when there is no Redis here */
async function onRedis(stage: Stage): Promise<ShopOnStore> {
  const home = await redisHome(stage);
  const tested = shops.get(stage) ?? { ...shopOn(stage, home, CLIENT), waitsFor: '12.2' };
  shops.set(stage, tested);
  return tested;
}

function shopOn(stage: Stage, home: ShopOnStore['home'], look: ShopOnStore['look']): ShopOnStore {
  return { stage, home, shop: stage.otherShop(home.config), look };
}
