import {
  asksToClose,
  brokeOff,
  CLOSING,
  endsBySelf,
  likelyLingers,
  likelyStillOpen,
  likelyTooEarly,
  STORE_CLOSING,
} from '#checks/support/graceful-shutdown.ts';
import { instancesOf, servedBy } from '#checks/support/instances.ts';
import { mustWaitForRequests } from '#checks/support/long-request.ts';
import { KEEPS_A_COPY, likelyLost } from '#checks/support/lost.ts';
import { clicksWhile, likelyGone, replace } from '#checks/support/rolling-restart.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import { type Exchange, sessionIdIn } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';

/** Who clicks while instances come and go, each as fast as the shop answers. */
const CROWD = ['Ann', 'Ben', 'Cem'];

const ASKED = 'A was asked to shut down, with two requests in it that waited for MongoDB';

const SHARED = [/^\s*store,/, /\bstore: (?!SessionStore)/, /\bsession\(\{?$/];
/** Where a store is made, or a client. */
const STORE_MAKING = [/store: createStore\(/, /(?:createStore|new MongoClient|new \w*Store)\(/];
const LOGOUT = [/logOut\b/, ...SHARED];

export default defineCheck(
  (step) => {
    step('11.1', 'log in on A, shop on B', async (stage) => {
      const both = await instancesOf(stage);
      const ada = stage.shopper('Ada', both);
      const clicks = [await ada.posts('/login', demoLogins.ada)];
      const products = ['mug', 'teapot', 'lamp'];
      for (const product of products) {
        clicks.push(await ada.visits('/account'));
        await mustKnow(stage, ada, clicks);
        clicks.push(await ada.adds(product), await ada.opensCart());
        await mustKnow(stage, ada, clicks, products.slice(0, products.indexOf(product) + 1));
      }
      return `${clicks.length} clicks, answered by ${clicks.map(servedBy).join(' ')}: each instance knew Ada, and what she had bought on the other.`;
    });

    step('11.2', 'what was done on A holds on B at once', async (stage) => {
      const { a, b } = await instancesOf(stage);
      const ada = stage.shopper('Ada', a.shop);
      const clicks = [await ada.posts('/login', demoLogins.ada)];
      for (const each of clicks) await ada.lands(each);
      ada.goesTo(b.shop);
      clicks.push(await ada.visits('/account'));
      await mustKnow(stage, ada, clicks, [], 'after a login on A, to B\n');
      ada.goesTo(a.shop);
      clicks.push(await ada.adds('mug'));
      ada.goesTo(b.shop);
      clicks.push(await ada.opensCart());
      await mustKnow(stage, ada, clicks, ['mug'], 'after POST /cart product=mug to A, to B\n');

      const { name = '', value = '' } = ada.sessionCookie() ?? {};
      ada.goesTo(a.shop);
      await ada.posts('/logout');
      ada.goesTo(b.shop);
      ada.carries(name, value);
      const after = await ada.visits('/account');
      must(after.account === undefined, {
        after,
        sent: `POST /logout, on A\n${after.sent}, a copy from before, on B`,
        likely: `Ada has logged out, and on B her old cookie is still good. ${
          !(await stage.mongo.session(sessionIdIn(value) ?? ''))
            ? KEEPS_A_COPY
            : 'A logout ends the session in the store: req.session.destroy().'
        }`,
        look: LOGOUT,
      });
      return 'B had Ada’s session a moment before. It knew of the mug that she took on A, and of her logout there.';
    });

    step('11.3', 'A is killed, and its shoppers go on', async (stage) => {
      const both = await instancesOf(stage);
      const ada = stage.shopper('Ada', both.a.shop);
      const clicks = [await ada.posts('/login', demoLogins.ada), await ada.adds('mug')];
      ada.goesTo(both);
      const { pid } = both.a.shop;
      await both.a.shop.close();
      for (const path of ['/account', '/cart', '/account', '/cart']) {
        clicks.push(await ada.asks(path));
        await mustKnow(stage, ada, clicks, ['mug'], `after instance A, process ${pid}, was killed\n`);
      }
      return `Process ${pid} was killed without a word. Ada went on with B, logged in and with her mug.`;
    });

    step('11.4', 'shut down: nothing new, an answer for all who wait, then the end', async (stage) => {
      const both = await instancesOf(stage);
      const { shop, tap } = both.a;
      const [ann, ben] = [stage.shopper('Ann', shop), stage.shopper('Ben', shop)];
      for (const each of [ann, ben]) for (const product of ['mug', 'lamp']) await each.adds(product);
      const url = await shop.opened();

      // Both of these wait in A, for a MongoDB that does not answer, when A is asked to shut down.
      tap.forget();
      tap.hang();
      const asked = [ann.asks('/cart', { product: 'teapot' }), ben.asks('/cart')] as const;
      const answers = Promise.all(asked).catch(brokeOff(shop, ASKED));
      await Promise.race([tap.seen('find', shop.timeLimits.responseMs).catch(() => {}), answers]);
      await both.takeOut(both.a);
      const began = performance.now();
      const closing = await asksToClose(shop, url);
      await tap.behave();
      const [added, cart] = await answers;

      must(closing.stopped, {
        sent: ASKED,
        got: 'it took a new connection',
        likely: likelyStillOpen(shop, closing),
        look: CLOSING,
      });
      const document = await stage.mongo.session(ann.sessionId() ?? '');
      for (const [answer, isRight] of [
        [added, added.status === 303 && document?.session.cart?.length === 3],
        [cart, productsIn(cart) === 'mug,lamp'],
      ] as const) {
        must(isRight, {
          after: answer,
          sent: `${ASKED}. One of them:\n${answer.sent}`,
          likely: likelyTooEarly(shop, answer),
          look: STORE_CLOSING,
        });
      }
      const ending = await endsBySelf(both.a, closing);
      const tookMs = performance.now() - began;
      must(ending.ended, {
        sent: ASKED,
        got: 'both were answered; the process goes on, with nothing left to do',
        likely: likelyLingers(ending),
        look: ending.open > 0 && ending.isStoreClosed ? STORE_MAKING : STORE_CLOSING,
      });
      // What a driver says to its server when it is closed, and not when its process is ended.
      must(tap.commands('endSessions').length > 0, {
        sent: ASKED,
        got: 'both were answered, and the process ended; it had not closed its connections to MongoDB',
        likely: ending.error
          ? `shutDown() failed before the store was closed: ${ending.error}. Call store.close() when the server is closed; createStore() returns a store that has it.`
          : 'Nobody closed the store: process.exit(), or whatever else ended the process, took its connections along. Call store.close() when the server is closed. The process then ends by itself.',
        look: [/process\.exit/, ...STORE_CLOSING],
      });
      await mustWaitForRequests(both, ben, tookMs);
      return 'A took no new connection, answered both who waited, stored Ann’s teapot, and ended by itself.';
    });

    step('11.5', 'a rolling restart in the middle of business loses nothing', async (stage) => {
      const both = await instancesOf(stage);
      const pids = () => `${both.a.shop.pid} and ${both.b.shop.pid}`;
      const before = pids();
      let open = true;
      let clicks = 0;
      let begin = () => {};
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const goesOn = () => {
        clicks++;
        // Each instance has served by then: what its store does at the start is behind it.
        if (clicks >= 2 * CROWD.length) begin();
        return open;
      };
      const business = Promise.all(CROWD.map((name) => clicksWhile(both, stage.shopper(name, both), goesOn)));
      // One that gets no answer fails the step when it is asked below, and nothing before.
      const over = business.catch(() => {});
      try {
        await Promise.race([begun, over]);
        for (const instance of [both.a, both.b]) await replace(both, instance);
      } finally {
        open = false;
        await over;
      }
      let count = 0;
      for (const { shopper, added, refused } of await business) {
        const sent = `${added} × POST /cart, one after the other, while A and then B was replaced`;
        must(!refused, {
          ...(refused ? { after: refused } : {}),
          sent: `${sent}; then\n${refused?.sent}`,
          likely:
            'A shopper was refused while an instance closed. What it has when it is asked to, it still answers.',
          look: CLOSING,
        });
        const cart = await shopper.opensCart();
        const kept = cart.cart.reduce((sum, line) => sum + line.quantity, 0);
        must(kept === added, {
          after: cart,
          sent: `${sent}; then\n${cart.sent}`,
          ...(await likelyGone(stage, both, shopper, cart, SHARED)),
        });
        count += added;
      }
      return `Processes ${before} were replaced by ${pids()}. Meanwhile ${CROWD.join(', ')} put ${count} things into their carts, and all are there.`;
    });
  },
  { instances: ['A', 'B'] },
);

/** Fails the step unless the last page knows the shopper: as logged in, on an account page; by these products, in a cart. */
async function mustKnow(
  stage: Stage,
  shopper: Shopper,
  clicks: readonly Exchange[],
  products: readonly string[] = [],
  when = '',
): Promise<void> {
  const page = clicks.at(-1) as Exchange;
  const [before, by] = clicks.slice(-2).map(servedBy);
  const turns = by ? `\nanswered by ${by}${before ? `; the click before by ${before}` : ''}` : '';
  const isCart = page.sent.startsWith('GET /cart');
  must(isCart ? productsIn(page) === products.join() : page.account, {
    after: page,
    sent: `${when}${page.sent}${turns}`,
    likely: await likelyLost(stage, shopper, page, products),
    look: SHARED,
  });
}

function productsIn({ cart }: Exchange): string {
  return cart.map(({ product }) => product).join();
}
