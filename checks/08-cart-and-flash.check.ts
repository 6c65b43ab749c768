import { submitsWhileHeld } from '#checks/support/held-write.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import { catalogue, formatPrice, type Product } from '#shop/catalogue.ts';
import { demoLogins } from '#shop/users.ts';

const { ada, grace } = demoLogins;
const CART = [/session\.cart = /, /\.cart\b/];
const LOG_IN = [/regenerate\b(?!\s*[,}])/, /logIn\b/];
const FLASH = [/function takeFlash/, /takeFlash|flash/];

export default defineCheck((step) => {
  step('8.1', "a cart is IDs and quantities; names and prices are the catalogue's", async (stage) => {
    const ann = stage.shopper('Ann');
    for (const product of ['mug', 'mug', 'teapot']) await ann.adds(product);
    const page = await ann.opensCart();
    const { cart } = (await stage.mongo.session(ann.sessionId() ?? ''))?.session ?? {};
    const stored = JSON.stringify(cart ?? null);

    const inSession = (product: Product) =>
      stored.includes(product.name) ||
      stored.includes(formatPrice(product.priceInCents)) ||
      new RegExp(`:(?:${product.priceInCents}|${product.priceInCents / 100})\\b`).test(stored);
    must(!catalogue.some(inSession), {
      after: page,
      got: `${page.got}\nsession.cart is ${stored.length} bytes: ${stored.slice(0, 150)}…`,
      likely:
        "The product went into the session, name, price and all. When its price changes, this shopper still has the old one, or the one they made up. Keep productId and quantity: addToCart() from '#shop/cart.ts' does, and the cart page looks up the rest.",
      look: CART,
    });
    must(inCart(page) === '2 mug, 1 teapot' && page.body.includes('$66.00'), {
      after: page,
      got: `${page.got}\nsession.cart is ${stored}`,
      likely:
        'Two mugs and a teapot come to $66.00. The cart lost some of that: does each add build on req.session.cart, and put the new cart back?',
      look: CART,
    });
    // Shown, not judged: sessions are like that.
    await Promise.all(['lamp', 'notebook'].map((product) => ann.adds(product)));
    const both = (await ann.opensCart()).cart.length - page.cart.length;
    return `Two mugs and a teapot are ${stored.length} bytes in MongoDB; names and prices came from the catalogue. Then two tabs added a lamp and a notebook at the same moment, and ${both} of the two stayed in the cart.`;
  });

  step('8.2', 'the cart comes along when a visitor logs in', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const before = ann.sessionId();
    const login = await ann.posts('/login', ada);
    const page = await ann.opensCart();

    must(ann.sessionId() !== before, {
      after: login,
      likely: 'The cart came along because the session did not change. Lesson 7 still holds: regenerate().',
      look: LOG_IN,
    });
    must(inCart(page) === '1 mug', {
      after: page,
      sent: `POST /cart product=mug, then POST /login as Ada\n${page.sent}`,
      likely:
        'regenerate() makes an empty session. Keep the cart in a constant before it, and put it into the new req.session after it.',
      look: LOG_IN,
    });
    return 'Ann filled a cart as nobody, logged in as Ada under a new ID, and the mug was still there.';
  });

  step('8.3', 'a cart never changes hands', async (stage) => {
    const counter = stage.shopper('the browser at the counter');
    await counter.posts('/login', ada);
    await counter.adds('teapot');
    const kept = await counter.opensCart();
    await counter.posts('/login', grace);
    const taken = await counter.opensCart();
    must(inCart(kept) === '1 teapot' && inCart(taken) === 'nothing', {
      after: taken,
      sent: `as Ada: POST /cart product=teapot; then POST /login as Grace, in the same browser\n${taken.sent}`,
      likely:
        "Grace has Ada's teapot. Carry a cart over when it was nobody's: not when the session before the login was a user's (isLoggedIn).",
      look: [/\.cart\b/, ...LOG_IN],
    });
    await counter.adds('lamp');
    await counter.posts('/logout');
    const after = await counter.opensCart();
    must(inCart(after) === 'nothing', {
      after,
      sent: `as Grace: POST /cart product=lamp, POST /logout; then, as whoever comes next\n${after.sent}`,
      likely:
        "Grace logged out, and left her cart to the next one at this browser. What is in a user's session ends with it.",
      look: [/logOut\b/],
    });
    return "Three shoppers at one browser, one after the other, and none saw another's cart.";
  });

  step('8.4', 'a message is shown once, to its shopper, on the next page there is', async (stage) => {
    const ann = stage.shopper('Ann');
    const added = await ann.adds('mug');
    const stranger = await stage.shopper('Ben').visits('/');
    must(stranger.flash === undefined, {
      after: stranger,
      sent: `Ann: ${added.sent.split('\n')[0]}; then Ben, in another browser\n${stranger.sent}`,
      likely:
        'Ben read the message for Ann. What is kept in a variable of the module or in app.locals is for everybody: it belongs into req.session.',
      look: [/locals\.flash|let .*flash/i, ...FLASH],
    });
    await mustShowOnce(ann, added, '/cart');

    const again = await ann.adds('mug');
    const turned = await ann.visits('/account');
    must(turned.status >= 300, { after: turned, likely: 'The account asks for a login: see lesson 7.' });
    await mustShowOnce(ann, again, '/login');
    return 'Ann read it once, also when a redirect came between. A reload did not show it, and Ben never saw it.';
  });

  step('8.5', 'who only looks leaves nothing behind', async (stage) => {
    const looks: Exchange[] = [];
    for (const path of ['/', '/cart', '/login']) looks.push(await stage.shopper('a passer-by').visits(path));
    const written = stage.mongo.tap.commands('update').length;
    const marked = looks.find((look) => look.setCookieLines.length > 0) ?? looks[0];
    must(marked && written === 0 && marked.setCookieLines.length === 0, {
      ...(marked ? { after: marked } : {}),
      sent: 'GET /, /cart and /login, each from a browser without a cookie',
      got: `${written} updates sent to MongoDB\n${marked?.got}`,
      likely:
        'Reading the message wrote one. An empty string or list is something new in a session, so each visitor and each robot gets a document, for 14 days. Look first; change the session when there is a message.',
      look: FLASH,
    });

    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    stage.mongo.tap.forget();
    await ann.opensCart();
    const taking = stage.mongo.tap.commands('update').length;
    stage.mongo.tap.forget();
    const page = await ann.visits('/');
    await ann.opensCart();
    const rewritten = stage.mongo.tap.commands('update').length;
    must(rewritten === 0, {
      after: page,
      got: `${rewritten} updates for two pages without a message`,
      likely: 'There was no message to take, and the session was changed all the same.',
      look: FLASH,
    });
    return `Three looked, and MongoDB was asked to write nothing. Ann had a message: taking it cost ${taking} update.`;
  });

  step('8.6', 'the redirect waits for the session to be stored', async (stage) => {
    await stage.shopper('Ben').adds('lamp');
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    for (const path of ['/cart', '/cart/remove']) {
      const fields = { product: 'mug' };
      const held = await submitsWhileHeld(stage, ann, { path, fields, held: 'update' });
      must(!held.early, {
        sent: held.sent,
        got: held.got,
        likely:
          "The redirect left before MongoDB had the session. A browser that is faster than the database then sees the old cart and no message. Save, then redirect: await save(req), from '#shop/session-promises.ts'.",
        look: [/res\.redirect\([^)]*cart/, /save\(|saveThenRedirect/],
      });
    }
    return 'While MongoDB held the write back, no redirect came. The next page finds what this one stored.';
  });
});

/** A message that was just made is on the next page, and on none after it. */
async function mustShowOnce(shopper: Shopper, made: Exchange, path: string): Promise<void> {
  const shown = await shopper.visits(path);
  must(shown.flash, {
    after: shown,
    sent: `${made.sent.split('\n')[0]}, and then\n${shown.sent}`,
    got: `${shown.got}\nno message`,
    likely:
      path === '/cart'
        ? 'The message was made, and the next page does not show it. It is req.session.flash; pass it to the page as flash.'
        : 'A request that only redirected took the message, and nobody read it. Take it where a page is rendered.',
    look: FLASH,
  });
  for (const next of [path, '/']) {
    const later = await shopper.visits(next);
    must(later.flash === undefined, {
      after: later,
      likely:
        'The message is shown again. Taking it means to forget it: delete req.session.flash before the page is sent.',
      look: FLASH,
    });
  }
}

/** '2 mug, 1 teapot', 'nothing': what a cart page shows. */
function inCart({ cart }: Exchange): string {
  return cart.map(({ product, quantity }) => `${quantity} ${product}`).join(', ') || 'nothing';
}
