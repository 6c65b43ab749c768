import { mustRefuseForged } from '#checks/support/forged-cookie.ts';
import { resaves, savesUninitialized } from '#checks/support/session-options.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import { cartInWords } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';

const DAY = 24 * 60 * 60 * 1000;
const SESSION_CALL = [/\bsession\(\{?/, /createStore/];

export default defineCheck((step) => {
  step('3.1', "the document's _id is the ID in the cookie", async (stage) => {
    const ann = stage.shopper('Ann');
    const added = await ann.adds('mug');

    const id = ann.sessionId();
    must(id, {
      after: added,
      likely: 'No signed session cookie came back, so the next request is a stranger’s.',
      look: SESSION_CALL,
    });
    const document = await stage.mongo.session(id);
    must(document, {
      after: added,
      likely: await likelyNoDocument(stage),
      look: SESSION_CALL,
    });
    must(document.session.cart !== undefined, {
      after: added,
      got: `${added.got}\nthe document has no session.cart`,
      likely:
        'The document belongs to the cookie, but the cart is kept elsewhere. It goes into req.session.cart.',
      look: [/addToCart\(/, ...SESSION_CALL],
    });
    const days = Math.round((document.expires.getTime() - Date.now()) / DAY);
    return `Cookie s%3A${id.slice(0, 8)}… and document _id ${id.slice(0, 8)}… are the same session. The cart is in MongoDB, for ${days} days.`;
  });

  step('3.2', 'the cart survives a restart', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const id = ann.sessionId() ?? '';
    const document = await stage.mongo.session(id);
    const firstProcess = stage.shop.pid;
    await stage.shop.restart();
    const cart = await ann.opensCart();

    must(cartInWords(cart.cart) === 'a cart with 1 × mug', {
      after: cart,
      sent: `POST /cart product=mug, then process ${firstProcess} ended and a new one started\n${cart.sent}`,
      likely: document
        ? 'The document is still there, but the new process refused the cookie: it was signed with another secret. A secret that is made up at each start logs everybody out. Use config.sessionSecret.'
        : await likelyNoDocument(stage),
      look: document ? [/secret/, ...SESSION_CALL] : SESSION_CALL,
    });
    return `Process ${firstProcess} ended, another one answered, and Ann still has her mug.`;
  });

  step('3.3', 'an unchanged session is not written again', async (stage) => {
    const ann = stage.shopper('Ann');
    const added = await ann.adds('mug');
    const written = stage.mongo.tap.commands('update').length;
    stage.mongo.tap.forget();
    const cart = await ann.opensCart();
    await ann.visits('/');
    const rewritten = stage.mongo.tap.commands('update').length;
    const finds = stage.mongo.tap.commands('find').length;

    const resaved = resaves(await stage.sessionCall());
    must(written > 0, {
      after: added,
      likely: `The first add was not written either. ${await likelyNoDocument(stage)}`,
      look: SESSION_CALL,
    });
    must(rewritten === 0, {
      after: cart,
      got: `${rewritten} update commands for two pages that changed nothing`,
      likely: resaved
        ? `${resaved} writes every session back on every request. Two requests at once then undo each other. Say false.`
        : 'Something changes req.session on each request, so express-session has to write it.',
      look: [/resave/, /req\.session\.\w+ ?=/, ...SESSION_CALL],
    });
    return `Two pages cost ${finds} finds and no update. Two tabs open at once do not overwrite each other with old copies.`;
  });

  step('3.4', 'an anonymous visit writes nothing', async (stage) => {
    const visits = [];
    for (const name of ['Ann', 'Ben', 'Cem', 'Dot', 'Eve'])
      visits.push(await stage.shopper(name).visits('/'));
    const written = stage.mongo.tap.commands('update').length;
    const asked = stage.mongo.tap.commands().length;
    const added = await stage.shopper('Fay').adds('mug');
    const afterAdd = stage.mongo.tap.commands('update').length;

    const [first] = visits;
    const cookies = visits.filter((visit) => visit.setCookieLines.length > 0).length;
    const storesEverybody = savesUninitialized(await stage.sessionCall());
    must(first && written === 0 && cookies === 0, {
      ...(first ? { after: first } : {}),
      sent: 'GET /, five times, each from a browser without a cookie',
      got: `${cookies} cookies, ${written} updates sent to MongoDB`,
      likely: storesEverybody
        ? `${storesEverybody} makes a document for every visitor who passes by, and every robot, kept for 14 days.`
        : 'Something is put into req.session before the visitor did anything.',
      look: [/saveUninitialized/, /req\.session\.\w+ ?=/, ...SESSION_CALL],
    });
    must(afterAdd > 0, {
      after: added,
      likely: `Nothing was written for an add to cart either. ${await likelyNoDocument(stage)}`,
      look: SESSION_CALL,
    });
    return `Five visitors looked, and MongoDB got ${asked} commands. The sixth put a mug in the cart, and got a session.`;
  });

  step('3.5', 'the secret comes from config, and a forged cookie is refused', async (stage) => {
    const ann = stage.shopper('Ann');
    const added = await ann.adds('mug');
    const id = ann.sessionId() ?? '';
    must(id && ann.sessionId(stage.config.sessionSecret) === id, {
      after: added,
      got: `${added.got}\nnot signed with config.sessionSecret`,
      likely: stage.stringsInCode().some((text) => ann.sessionId(text) === id)
        ? 'The secret stands in the code. Whoever can read the repository can write a cookie for any session.'
        : 'The cookie is signed with another secret than config.sessionSecret. After a restart, or on a second instance, nobody would know it.',
      look: [/secret/, ...SESSION_CALL],
    });
    await mustRefuseForged(stage, ann, [/secret/, ...SESSION_CALL]);
    return 'Mallory knew the ID, read the code, and could not sign a cookie. Without the secret an ID is of no use.';
  });
});

/** Why a cart did not reach MongoDB, as far as the answer shows. */
async function likelyNoDocument(stage: Stage): Promise<string> {
  const call = await stage.sessionCall();
  if (!call) return 'session() from express-session is not mounted.';
  if (call.store === undefined) {
    return 'session() was not given the store, so it keeps sessions in the memory of its process.';
  }
  return `The store that session() was given, a ${call.store}, is not the one on config.mongodbUri.`;
}
