import {
  closes,
  endsAtLogout,
  keepsSessions,
  mustSayAway,
  type Scene,
  slidesAndEnds,
  survivesOutages,
} from '#checks/support/either-store.ts';
import { openEitherStore } from '#checks/support/open-either-store.ts';
import { askUntil } from '#checks/support/outage.ts';
import { mongoHome, redisHome } from '#checks/support/session-home.ts';
import { defineCheck, must, StepFailure } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { startRedisProxy } from '../scripts/redis/line.ts';

/** How long a client may take to try again, in milliseconds. Only one that has given up takes so long. */
const AGAIN_LIMIT = 5000;

const CHOICE = [/config\.store/, /createMongoStore\(/];
const CLIENT = [/createClient\(/, /createRedisStore\(/, ...CHOICE];
const LISTENER = [/\.on\('error'/, ...CLIENT];

export default defineCheck(
  (step) => {
    step('12.1', 'config chooses the store, and neither stands in for the other', async (stage) => {
      // Somebody listens there, and it is no Redis: all who come are sent away, and counted.
      const away = new URL(await stage.databaseAway());
      const line = await startRedisProxy(`redis://${away.host}`);
      stage.afterwards(() => line.stop());
      // MongoDB is there: how long it takes on a busy machine is not what is asked.
      const config = { redisUrl: line.url, databaseTimeoutMs: 30_000 };
      const ann = stage.shopper('Ann', stage.otherShop(config));
      const added = await ann.asks('/cart', { product: 'mug' });
      must(added.status === 303 && (await stage.mongo.session(ann.sessionId() ?? '')), {
        after: added,
        sent: `with a config that has a redisUrl, and no store\n${added.sent}`,
        likely:
          'Config did not ask for Redis: redisUrl only says where it would be. Without config.store it is MongoDB, as in all lessons before.',
        look: CHOICE,
      });
      const ben = stage.shopper(
        'Ben',
        stage.otherShop({ ...config, databaseTimeoutMs: 5000, store: 'redis' }),
      );
      const asks = () => ben.asks('/cart', { product: 'mug' }).catch(endedByError(stage));
      const refused = await asks();
      const inMongo = await stage.mongo.session(ben.sessionId() ?? '');
      must(!inMongo || line.connections > 0, {
        after: refused,
        sent: `with store: 'redis' in its config\n${refused.sent}`,
        likely:
          'The session is in MongoDB, and nobody asked for Redis. createStore() has to look at config.store, and make a store in Redis when it says redis.',
        look: CHOICE,
      });
      mustSayAway({ name: 'Redis' }, 'refuse', refused, CLIENT);
      // A client that comes a second time was sent away a first time, and its process lives on. It comes soon.
      await askUntil(() => line.connections >= 2, asks, AGAIN_LIMIT);
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
      const scene = await onRedis(stage);
      const shop = await survivesOutages(scene);
      await closes(shop, scene);
      return 'Down, then silent: a 503 each time. Back again, the same process had every mug, and no command from before. Asked to close, it ended.';
    });

    step('12.6', 'on MongoDB, all of this holds as before', async (stage) => {
      const scene = shopOn(stage, mongoHome(stage), CHOICE);
      await keepsSessions(scene);
      await endsAtLogout(scene, demoLogins.ada);
      await slidesAndEnds(scene, demoLogins.ada);
      const shop = await survivesOutages(scene);
      await closes(shop, scene);
      return 'The same requests, the same answers: restart, login, logout, 30 minutes, 8 hours, two outages. Only config was another.';
    });
  },
  { opens: openEitherStore },
);

const scenes = new WeakMap<Stage, Scene>();

/** The shop on Redis: one process, for all steps that play on it. @throws {StepSkipped} when there is no Redis here */
async function onRedis(stage: Stage): Promise<Scene> {
  const scene = scenes.get(stage) ?? shopOn(stage, await redisHome(stage), CLIENT);
  scenes.set(stage, scene);
  return scene;
}

function shopOn(stage: Stage, home: Scene['home'], look: Scene['look']): Scene {
  return { stage, home, shop: stage.otherShop(home.config), look };
}

/** For a shop whose process ended because Redis was away: the same failure, with what most likely ended it. */
function endedByError(stage: Stage): (error: unknown) => never {
  return (error) => {
    const ended = error instanceof StepFailure && error.doubt.got?.includes('process ended');
    if (!ended || stage.says(/\.on\('error'/)) throw error;
    const { at, ...doubt } = error.doubt;
    throw new StepFailure({
      ...doubt,
      likely:
        'The client emits an error event when Redis goes away, and one that nobody listens to ends the process, with every request in it. client.on("error", …) is enough.',
      look: LISTENER,
    });
  };
}
