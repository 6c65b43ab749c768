import {
  FLASH,
  inCart,
  likelyLeftBehind,
  likelyText,
  mustBeText,
  mustShowOnce,
} from '#checks/support/cart-and-flash.ts';
import { submitsWhileHeld } from '#checks/support/held-write.ts';
import { mustHaveAccount } from '#checks/support/logged-in.ts';
import { LOG_IN, likelySameId } from '#checks/support/login-words.ts';
import { likelySaveCalled, likelySavedBefore } from '#checks/support/session-changes.ts';
import { settled } from '#checks/support/session-end.ts';
import { resaves, savesUninitialized } from '#checks/support/session-options.ts';
import { defineCheck, must, needs } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import { catalogue, formatPrice, type Product } from '#shop/catalogue.ts';
import { demoLogins } from '#shop/users.ts';

const { ada, grace } = demoLogins;
const CART = [/session\.cart = /, /\.cart\b/];
const SESSION_CALL = [/resave|saveUninitialized/, /\bsession\(\{?/];

export default defineCheck((step) => {
  step('8.1', "a cart is IDs and quantities; names and prices are the catalogue's", async (stage) => {
    const ann = stage.shopper('Ann');
    for (const product of ['mug', 'mug', 'teapot']) {
      await ann.adds(product);
      // Step 8.6 asks whether the answer waits for its write. Here the write may come after it.
      await settled(ann);
    }
    const page = await ann.opensCart();
    const { cart, cookie: _cookie, ...others } = await stage.mongo.sessionOf(ann);
    const stored = JSON.stringify(cart ?? null);

    const hasName = (product: Product) => stored.includes(product.name);
    const hasPrice = ({ priceInCents }: Product) =>
      stored.includes(formatPrice(priceInCents)) ||
      new RegExp(`:(?:${priceInCents}|${priceInCents / 100})\\b`).test(stored);
    const copied = [
      ...(catalogue.some(hasName) ? ['name'] : []),
      ...(catalogue.some(hasPrice) ? ['price'] : []),
    ];
    must(copied.length === 0, {
      after: page,
      got: `${page.got}\nsession.cart is ${stored.length} bytes: ${stored.slice(0, 150)}…`,
      likely: `The product's ${copied.join(' and ')} went into the session. When the catalogue changes, this session still has the old one. Keep productId and quantity: addToCart() from '#shop/cart.ts' does that with a product's ID, and the cart page looks up the rest.`,
      look: CART,
    });
    const beside = Object.keys(others).find((name) => /"priceInCents"/.test(JSON.stringify(others[name])));
    must(!beside, {
      after: page,
      got: `${page.got}\nsession.${beside} is ${JSON.stringify(others[beside ?? ''] ?? null).slice(0, 150)}…`,
      likely: `A product went into the session beside the cart, as ${beside}, price and all. Its ID is enough: the catalogue has the rest.`,
      look: [new RegExp(`session\\b.*\\b${beside}\\b`), ...CART],
    });
    must(inCart(page) === '2 mug, 1 teapot' && page.body.includes('$66.00'), {
      after: page,
      got: `${page.got}\nsession.cart is ${stored}`,
      likely:
        likelyText(cart) ??
        'Two mugs and a teapot come to $66.00. The cart lost some of that: does each add build on req.session.cart, and put the new cart back?',
      look: CART,
    });
    // Shown, not judged: sessions are like that.
    await Promise.all(['lamp', 'notebook'].map((product) => ann.adds(product)));
    const both = (await ann.opensCart()).cart.length - page.cart.length;
    return `Two mugs and a teapot are ${stored.length} bytes in MongoDB; names and prices came from the catalogue. Then two tabs added a lamp and a notebook at the same moment, and ${both === 2 ? 'both' : `${both} of the two`} stayed in the cart.`;
  });

  step('8.2', 'the cart comes along when a visitor logs in', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const before = ann.sessionId();
    const cart = await ann.opensCart();
    needs(cart.cart.length > 0 ? undefined : '8.1', before && inCart(cart) === '1 mug', {
      after: cart,
      likely:
        cart.cart.length > 0
          ? 'There is more in the cart than Ann put there: others share it. A cart belongs into req.session, not into a variable or app.locals.'
          : 'There was no cart yet that could come along: step 8.1 says why.',
      look: CART,
    });
    const login = await ann.posts('/login', ada);
    await ann.lands(login);
    const page = await ann.opensCart();

    must(ann.sessionId() !== before, {
      after: login,
      likely: `Lesson 7 still holds, and without a new ID no cart has to come along. ${await likelySameId(stage)}`,
      look: LOG_IN,
    });
    const isThere = inCart(page) === '1 mug';
    must(isThere, {
      after: page,
      sent: `POST /cart product=mug, then POST /login as Ada\n${page.sent}`,
      ...(isThere ? { likely: '' } : await likelyLeftBehind(stage)),
    });
    return 'Ann filled a cart as nobody, logged in as Ada under a new ID, and the mug was still there.';
  });

  step('8.3', 'a cart never changes hands', async (stage) => {
    const counter = stage.shopper('the browser at the counter');
    await counter.posts('/login', ada);
    await mustHaveAccount(stage, counter, 'u-ada');
    await counter.adds('teapot');
    const kept = await counter.opensCart();
    needs('8.1', inCart(kept) === '1 teapot', {
      after: kept,
      likely: 'Ada’s own cart does not keep what she puts there: step 8.1 says why.',
      look: CART,
    });
    await counter.posts('/login', grace);
    const taken = await counter.opensCart();
    must(inCart(taken) === 'nothing', {
      after: taken,
      sent: `as Ada: POST /cart product=teapot; then POST /login as Grace, in the same browser\n${taken.sent}`,
      likely:
        "Grace has Ada's teapot. Carry a cart over when it was nobody's: not when the session before the login was a user's (isLoggedIn).",
      look: [/\b(?:const|let) \{?\s*cart\b/, ...LOG_IN],
    });
    await counter.adds('lamp');
    await counter.lands(await counter.posts('/logout'));
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
    mustBeText(stranger);
    must(stranger.flash === undefined, {
      after: stranger,
      sent: `Ann: ${added.sent.split('\n')[0]}; then Ben, in another browser\n${stranger.sent}`,
      likely:
        'Ben read the message for Ann. What is kept in a variable of the module or in app.locals is for everybody: it belongs into req.session.',
      look: [/locals\.flash|let .*flash/i, ...FLASH],
    });
    await mustShowOnce(stage, ann, added, '/cart');

    const again = await ann.adds('mug');
    const turned = await ann.asks('/account');
    must(turned.status >= 300, { after: turned, likely: 'The account asks for a login: see lesson 7.' });
    await mustShowOnce(stage, ann, again, '/login');
    return 'Ann read it once, also when a redirect came between. A reload did not show it, and Ben never saw it.';
  });

  step('8.5', 'who only looks leaves nothing behind', async (stage) => {
    const looks: Exchange[] = [];
    for (const path of ['/', '/cart', '/login']) looks.push(await stage.shopper('a passer-by').visits(path));
    const written = stage.mongo.tap.commands('update').length;
    const marked = looks.find((look) => look.setCookieLines.length > 0) ?? looks[0];
    const call = await stage.sessionCall();
    const storesEverybody = savesUninitialized(call);
    const unchanged = written > 0 ? await likelySaveCalled(stage, ['/', '/cart', '/login']) : undefined;
    must(marked && written === 0 && marked.setCookieLines.length === 0, {
      ...(marked ? { after: marked } : {}),
      sent: 'GET /, /cart and /login, each from a browser without a cookie',
      got: `${written} updates sent to MongoDB\n${marked?.got}`,
      likely: storesEverybody
        ? `${storesEverybody} makes a document for everyone who looks, and every robot, for 14 days.`
        : (unchanged ??
          'Reading the message wrote one. An empty string or list is something new in a session, so each visitor and each robot gets a document, for 14 days. Look first; change the session when there is a message.'),
      look: storesEverybody ? SESSION_CALL : FLASH,
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
    const resaved = resaves(call);
    must(rewritten === 0, {
      after: page,
      got: `${rewritten} updates for two pages without a message`,
      likely: resaved
        ? `${resaved} writes the session back on every request, changed or not.`
        : (await stage.mongo.session(ann.sessionId() ?? ''))?.session.flash === null
          ? 'There was no message to take, and the session was changed all the same: flash = undefined is a change, which MongoDB keeps as null. delete req.session.flash changes nothing where there is none.'
          : 'There was no message to take, and the session was changed all the same.',
      look: resaved ? SESSION_CALL : FLASH,
    });
    return `Three looked, and MongoDB was asked to write nothing. Ann had a message: taking it cost ${taking} update.`;
  });

  step('8.6', 'the redirect waits for the session to be stored', async (stage) => {
    await stage.shopper('Ben').adds('lamp');
    const ann = stage.shopper('Ann');
    // The cart page takes the message, so the next one is new.
    await ann.lands(await ann.adds('mug'));
    for (const path of ['/cart', '/cart/remove', '/login']) {
      const fields = path === '/login' ? ada : { product: 'mug' };
      const held = await submitsWhileHeld(stage, ann, { path, fields, held: 'update' });
      must(!held.early, {
        after: held.exchange,
        sent: held.sent,
        got: held.got,
        likely:
          (await likelySavedBefore(stage, `POST ${path}`)) ??
          "The redirect left before MongoDB had the session. A browser that is faster than the database then sees the old cart and no message. Save, then redirect: await save(req), from '#shop/session-promises.ts'.",
        look: path === '/login' ? LOG_IN : [/res\.redirect\([^)]*cart/, /save\(|saveThenRedirect/],
      });
    }
    return 'While MongoDB held the write back, no redirect came. The next page finds what this one stored.';
  });
});
