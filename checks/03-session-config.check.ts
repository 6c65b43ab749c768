import { mustRefuseForged } from '#checks/support/forged-cookie.ts';
import { likelyWritten } from '#checks/support/session-changes.ts';
import { resaves, savesUninitialized } from '#checks/support/session-options.ts';
import { defineCheck, must, needs } from '#grader/check/check.ts';
import { describeCart } from '#grader/check/exchange.ts';
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
    must(document.expires instanceof Date, {
      after: added,
      got: `${added.got}\nthe document has the fields ${Object.keys(document).join(', ')}`,
      likely:
        'get() of this store refuses an ended session by its field `expires`, a date. Leave expiresKey and expires of the store as lesson 2 has them.',
      look: [/expiresKey|expires:/, ...SESSION_CALL],
    });
    const ben = stage.shopper('Ben');
    const benAdded = await ben.adds('lamp');
    must(ben.sessionId() !== id, {
      after: benAdded,
      got: `${benAdded.got}\nthe same session ID as Ann's`,
      likely: 'Ann and Ben were given one session ID, and one document. Leave genid to express-session.',
      look: [/genid/, ...SESSION_CALL],
    });
    const days = Math.round((document.expires.getTime() - Date.now()) / DAY);
    return `Cookie s%3A${id.slice(0, 8)}… and document _id ${id.slice(0, 8)}… are the same session. The cart is in MongoDB, for ${days} days.`;
  });

  step('3.2', 'the cart survives a restart', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const id = ann.sessionId() ?? '';
    const document = await stage.mongo.session(id);
    const { keys = [] } = (await stage.factsOf('POST /cart')) ?? {};
    const firstProcess = stage.shop.pid;
    await stage.shop.restart();
    const cart = await ann.opensCart();

    const sent = `POST /cart product=mug, then process ${firstProcess} ended and a new one started\n${cart.sent}`;
    const survived = describeCart(cart.cart) === 'a cart with 1 × mug';
    needs('3.1', survived || document, {
      after: cart,
      sent,
      likely: await likelyNoDocument(stage),
      look: SESSION_CALL,
    });
    must(survived, { after: cart, sent, ...(await likelyForgotten(stage, document?.session ?? {}, keys)) });
    return `Process ${firstProcess} ended, another one answered, and Ann still has her mug.`;
  });

  step('3.3', 'an unchanged session is not written again', async (stage) => {
    const ann = stage.shopper('Ann');
    const added = await ann.adds('mug');
    const written = stage.mongo.tap.commands('update').length;
    const before = await stage.mongo.sessionOf(ann);
    stage.mongo.tap.forget();
    const cart = await ann.opensCart();
    await ann.visits('/');
    const rewritten = stage.mongo.tap.commands('update').length;
    const finds = stage.mongo.tap.commands('find').length;

    const resaved = resaves(await stage.sessionCall());
    const after = await stage.mongo.sessionOf(ann);
    const changed = Object.keys(after).filter(
      (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
    );
    const why = await likelyWritten(
      stage,
      'GET /cart',
      changed.filter((name) => name !== 'cookie'),
    );
    must(written > 0, {
      after: added,
      likely: `The first add was not written either. ${await likelyNoDocument(stage)}`,
      look: SESSION_CALL,
    });
    must(rewritten === 0, {
      after: cart,
      sent: `GET /cart, then GET /\n${cart.sent.split('\n').slice(1).join('\n')}`,
      got: `${rewritten} update commands for two pages that changed nothing`,
      likely: resaved
        ? `${resaved} writes every session back on every request. Two requests at once then undo each other. Say false.`
        : why.likely || 'Something changes req.session on each request, so express-session has to write it.',
      look: resaved ? [/resave/, ...SESSION_CALL] : [...why.look, /req\.session\.\w+ ?=/, ...SESSION_CALL],
    });
    // The first store may still ask for its index. Two that ask are stores of these two requests.
    must(stage.mongo.tap.commands('createIndexes').length < 2, {
      after: cart,
      got: 'each page asked MongoDB for the TTL index anew',
      likely:
        'A store is made for each request, and each one opens connections that nobody closes. Make one, where the shop opens, and give it to session().',
      look: [/createStore\(/, ...SESSION_CALL],
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
    const put = (await stage.mongo.sessions()).at(-2)?.session ?? {};
    const why = await likelyWritten(
      stage,
      'GET /',
      Object.keys(put).filter((name) => !/^(?:cookie|cart)$/.test(name)),
    );
    must(first && written === 0 && cookies === 0, {
      ...(first ? { after: first } : {}),
      sent: 'GET /, five times, each from a browser without a cookie',
      got: `${cookies} cookies, ${written} updates sent to MongoDB`,
      likely: storesEverybody
        ? `${storesEverybody} makes a document for every visitor who passes by, and every robot, kept for 14 days.`
        : why.likely || 'Something is put into req.session before the visitor did anything.',
      look: storesEverybody
        ? [/saveUn/i, ...SESSION_CALL]
        : [...why.look, /req\.session\.\w+ ?=/, ...SESSION_CALL],
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
    needs('3.1', id, {
      after: added,
      likely: 'No session cookie came, so there is no signature to look at.',
      look: SESSION_CALL,
    });
    const signedBy = stage.stringsInCode().find((text) => ann.sessionId(text) === id);
    must(ann.sessionId(stage.config.sessionSecret) === id, {
      after: added,
      got: `${added.got}\nnot signed with config.sessionSecret`,
      likely: signedBy
        ? /config\W?\.?sessionSecret/.test(signedBy)
          ? `${signedBy} stands in quotes: it is a text of these letters, and no value of config. The secret is then in the code, for everybody to read.`
          : 'The secret stands in the code. Whoever can read the repository can write a cookie for any session.'
        : 'The cookie is signed with another secret than config.sessionSecret. Give that to session() as it is.',
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
  const which = /^(?:Store|Object)$/.test(call.store) ? '' : ` (a ${call.store})`;
  if (stage.mongo.tap.commands('update').length > 0) {
    return 'MongoDB was sent a session, and no document of shop.sessions has the ID of the cookie as its _id. Leave collection and idField of the store as lesson 2 has them.';
  }
  return `MongoDB was sent no session: the store that session() was given${which} is not the one on config.mongodbUri, or nothing was saved.`;
}

/** Why a new process shows another cart than the old one. @param document what MongoDB has of the session @param keys what the old process had put into it */
async function likelyForgotten(stage: Stage, document: object, keys: readonly string[]) {
  const found = (await stage.factsOf('GET /cart'))?.keys ?? [];
  if (!('cart' in document)) {
    const others = keys.filter((key) => key !== 'cart').join(', ');
    return {
      likely: `The session has no cart, after the restart as before${others && `: it has ${others}`}. The cart goes into req.session.cart.`,
      look: [/addToCart\(/, ...SESSION_CALL],
    };
  }
  if (found.length > 0)
    return {
      likely:
        'The new process found the session, cart and all, and the cart page does not show it: it knows items with productId and quantity, as addToCart() makes them.',
      look: [/cartLines\(/, /session\.cart = /, ...SESSION_CALL],
    };
  return {
    likely:
      'The document is still there, but the new process refused the cookie: it was signed with another secret. A secret that is made up at each start logs everybody out. Use config.sessionSecret.',
    look: [/secret/, ...SESSION_CALL],
  };
}
