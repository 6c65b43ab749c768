import { likelyEnded } from '#checks/support/session-changes.ts';
import { savesUninitialized } from '#checks/support/session-options.ts';
import { defineCheck, must, needs } from '#grader/check/check.ts';
import { describeCart, type Exchange, type ShownLine } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';

const SESSION_CALL = [/\bsession\(/, /express\.urlencoded/];
const CART_ROUTE = [/app\.post\('\/cart'/, /\/cart/];
const SHARED = [/^(?:let|const|var) .*(?:cart|\[\]|Map)/i, /req\.ip/, ...CART_ROUTE];

export default defineCheck(
  (step) => {
    step('1.1', 'the first add to cart sets one signed, HttpOnly cookie, connect.sid', async (stage) => {
      const added = await stage.shopper('Ann').adds('mug');

      const [cookie, ...more] = added.setCookieLines;
      must(cookie, {
        after: added,
        likely:
          'The mug was taken, and the browser got no cookie to be known by. session() sends one when something was put into req.session.',
        look: SESSION_CALL,
      });
      must(more.length === 0, {
        after: added,
        likely: 'One session needs one cookie. Another middleware, or the route itself, sets more.',
        look: [/res\.cookie/, ...SESSION_CALL],
      });
      const sid = added.setCookie('connect.sid');
      must(sid, {
        after: added,
        likely:
          (await stage.sessionCall())?.name === undefined
            ? 'A route sets a cookie of its own. What is in it, the browser can read and change. Leave the cookie to session(), and put the cart into req.session.'
            : "The cookie is not called connect.sid, express-session's own name for it. A name of the shop's own comes in lesson 10.",
        look: [/\bname:/, /res\.cookie/, ...SESSION_CALL],
      });
      must(/^s:[^.]+\.\S+$/.test(sid.value), {
        after: added,
        likely:
          'The value is not signed (s:<id>.<signature>), so anyone could write one. Let express-session set it.',
        look: [/res\.cookie/, ...SESSION_CALL],
      });
      must(sid.httpOnly, {
        after: added,
        likely: 'Without HttpOnly every script in the page can read the session cookie, and send it away.',
        look: [/httpOnly/, ...SESSION_CALL],
      });
      return 'The browser holds a signed ID and nothing else. The cart itself stays on the server.';
    });

    step('1.2', 'the same shopper sees the cart again', async (stage) => {
      const ann = stage.shopper('Ann');
      await ann.lands(await ann.adds('mug'));
      await ann.adds('mug');
      await ann.adds('teapot');
      const cart = await ann.opensCart();

      needs('1.1', cart.cart.length > 0 || (await stage.sessionCall()), {
        after: cart,
        likely: 'session() was never called, so there is no session that could keep the cart.',
        look: SESSION_CALL,
      });
      const words = describeCart(cart.cart);
      must(words === 'a cart with 2 × mug, 1 × teapot', {
        after: cart,
        sent: `POST /cart product=mug, twice; POST /cart product=teapot\n${cart.sent}`,
        look: [/addToCart\(/, ...CART_ROUTE],
        ...(await likelyOtherCart(stage, cart.cart)),
      });
      await ann.lands(await ann.posts('/cart/remove', { product: 'mug' }));
      const left = await ann.opensCart();
      must(describeCart(left.cart) === 'a cart with 1 × teapot', {
        after: left,
        sent: `POST /cart/remove product=mug, from a cart with 2 × mug, 1 × teapot\n${left.sent}`,
        likely:
          (await likelyEnded(stage, 'POST /cart/remove')) ??
          'What was taken out is not what is kept. POST /cart/remove makes a cart too: req.session.cart = removeFromCart(req.session.cart, …).',
        look: [/removeFromCart\(/, /\/cart\/remove/, ...CART_ROUTE],
      });
      const front = await ann.visits('/');
      must(!front.body.includes('data-session=""'), {
        after: front,
        got: `${front.got}\nthe top of the page says that there is no session`,
        likely:
          'The front page has no req.session, although Ann has a cart: session() is mounted on a path, or in front of some routes. Every page shows the ticket: app.use(session({ … })), above all routes.',
        look: SESSION_CALL,
      });
      return 'Nine requests, which HTTP does not connect, found the same cart: the cookie brought the ID back.';
    });

    step('1.3', 'another shopper has a cart of their own', async (stage) => {
      const [ann, ben] = [stage.shopper('Ann'), stage.shopper('Ben')];
      await ann.adds('notebook');
      await ben.adds('lamp');
      const [annsCart, bensCart] = [await ann.opensCart(), await ben.opensCart()];

      const requests = (whose: string, { sent }: Exchange) =>
        `Ann: POST /cart product=notebook. Ben, in a browser of his own: POST /cart product=lamp\n${whose}: ${sent}`;
      for (const [cart, whose, own] of [
        [annsCart, 'Ann', 'notebook'],
        [bensCart, 'Ben', 'lamp'],
      ] as const) {
        const words = describeCart(cart.cart);
        needs('1.2', cart.cart.length > 0, {
          after: cart,
          sent: requests(whose, cart),
          likely: `${whose}'s cart is empty when ${whose} comes back. Step 1.2 says why.`,
          look: SHARED,
        });
        must(words === `a cart with 1 × ${own}`, {
          after: cart,
          sent: requests(whose, cart),
          likely:
            cart.cart.length > 1
              ? 'Both see one cart. It is kept in a variable of the module, or under something that both share, such as their IP address.'
              : `${whose} sees the cart of the other one. Keep it in req.session, which is another object for each cookie.`,
          look: SHARED,
        });
      }
      return 'Two cookies, two sessions: what Ann puts in her cart, Ben never sees.';
    });

    step('1.4', 'who only looks gets no cookie', async (stage) => {
      const ann = stage.shopper('Ann');
      const looked = await ann.visits('/');
      const emptyCart = await ann.opensCart();
      const added = await ann.adds('mug');

      const storesEverybody = savesUninitialized(await stage.sessionCall());
      for (const exchange of [looked, emptyCart]) {
        must(exchange.setCookieLines.length === 0, {
          after: exchange,
          likely: storesEverybody
            ? `${storesEverybody} stores a session for everyone who passes by, each search engine included.`
            : 'Something is stored before the shopper chose anything. Only adding to the cart should touch req.session.',
          look: storesEverybody ? [/saveUn/i, ...SESSION_CALL] : [/req\.session/, ...SESSION_CALL],
        });
      }
      needs('1.1', added.setCookieLines.length > 0, {
        after: added,
        likely: 'No cookie came for the first add either: there is no session yet.',
        look: SESSION_CALL,
      });
      return 'A visitor about whom nothing is stored needs no session: no cookie, no memory, no banner to consent to.';
    });

    step('1.5', 'after a restart of the process the cart is gone', async (stage) => {
      const ann = stage.shopper('Ann');
      await ann.adds('mug');
      const before = await ann.opensCart();
      const firstProcess = stage.shop.pid;
      await stage.shop.restart();
      const after = await ann.opensCart();

      needs('1.2', before.cart.length > 0, {
        after: before,
        likely: 'There was no cart to lose. Steps 1.1 and 1.2 come first.',
        look: CART_ROUTE,
      });
      must(after.cart.length === 0, {
        after: after,
        sent: `POST /cart product=mug, then process ${firstProcess} ended and a new one started\n${after.sent}`,
        likely:
          'The cart outlived its process, so it is kept outside of it: in a file, in a database, or in the cookie. That is where the next lessons go; this one shows what memory does.',
        look: [/writeFile|\bfs\b|store:/, /res\.cookie/, ...SESSION_CALL],
      });
      return 'The browser still sent its cookie, but the session behind it ended with the process. A restart, a crash, a deploy: MemoryStore forgets everybody.';
    });
  },
  { showsMongo: false },
);

/** @returns the likely mistake, and where to look when that is not where the cart is filled */
async function likelyOtherCart(
  stage: Stage,
  cart: readonly ShownLine[],
): Promise<{ likely: string; look?: readonly RegExp[] }> {
  const { keys = [] } = (await stage.factsOf('GET /cart')) ?? {};
  const things = cart.reduce((count, line) => count + line.quantity, 0);
  const ended = things === 0 && (await likelyEnded(stage, 'GET /cart'));
  if (ended) return { likely: ended, look: [/regenerate\(|destroy\(/, ...CART_ROUTE] };
  if (things === 0 && keys.includes('cart'))
    return {
      likely:
        'req.session.cart is there when the cart page is made, and the page shows none of it. It shows cartLines(req.session.cart), and knows items with productId and quantity, as addToCart() makes them.',
      look: [/cartLines\(/, /app\.get\('\/cart'/, ...CART_ROUTE],
    };
  if (things === 0)
    return {
      likely:
        'The cart was made and then forgotten. Keep it: req.session.cart = …, and read it in GET /cart.',
    };
  if (things > 3)
    return {
      likely:
        'There is more in the cart than this shopper put there: others share it. A variable of the module is one for all.',
      look: SHARED,
    };
  return {
    likely:
      'Each add starts from an empty cart. Start from the one in the session: addToCart(req.session.cart, …).',
  };
}
