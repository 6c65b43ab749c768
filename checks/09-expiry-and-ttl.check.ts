import { mustOutliveRefusedTouch } from '#checks/support/refused-touch.ts';
import {
  endOfCookie,
  inWords,
  likelyBackAgain,
  likelyEndless,
  likelyNoEnd,
  likelyUnmoved,
  likelyWrongAge,
  movedEnd,
  settled,
  ttlIndex,
} from '#checks/support/session-end.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** What the starter says. An answer may be off by some seconds. */
const IDLE_LIMIT = 30 * MINUTE;
const ROUGHLY = MINUTE;

const SESSION_CALL = [/maxAge|expires:/, /\bsession\(\{?/];
const TOUCH = [/touch/, /return store\b/, /rolling/, ...SESSION_CALL];
const LIMIT = [/ABSOLUTE_LIMIT(?! =)/, /loggedInAt/, /\bsession\(\{?/];
/** Something new in req.session. The shop's own routes put carts and messages there. */
const PUTS = [/Object\.assign\(req\.session/, /req\.session\.(?!cart|flash|cookie)\w+ (?:\?\?)?=/];
const OWN_GET = /store\.get = |^ +(?:override )?(?:async )?get\(/m;

export default defineCheck((step) => {
  step('9.1', 'cookie and document end together, 30 minutes after the request', async (stage) => {
    await stage.shop.opened();
    // A date that was made when the shop opened has aged by now.
    await stage.timePasses(10 * MINUTE);
    const asked = stage.clock.now().getTime();
    const added = await stage.shopper('Ann').adds('mug');
    const tookMs = stage.clock.now().getTime() - asked;
    const cookieEnds = endOfCookie(added);
    const [document] = await stage.mongo.sessions();

    must(cookieEnds, { after: added, likely: likelyNoEnd(stage, added), look: SESSION_CALL });
    const lasts = cookieEnds - asked;
    must(Math.abs(lasts - IDLE_LIMIT) < ROUGHLY + tookMs, {
      after: added,
      got: `${added.got}\nit ends ${inWords(lasts)} after the request`,
      likely: likelyWrongAge(stage, lasts),
      look: SESSION_CALL,
    });
    must(document?.expires, {
      after: added,
      got: `${added.got}\nthe document has no field expires`,
      likely:
        'get() of this store refuses by the field `expires` and by no other. With another expiresKey an ended session is served until MongoDB clears it out.',
      look: [/expiresKey/, /createStore/],
    });
    const documentEnds = document.expires.getTime();
    must(Math.abs(documentEnds - cookieEnds) < 2 * SECOND + tookMs, {
      after: added,
      got: `${added.got}\nthe document ends ${inWords(documentEnds - asked)} after the request`,
      likely:
        'The store takes the end from cookie.maxAge, so both are the same, unless something writes another one.',
      look: TOUCH,
    });
    return `Both end at ${document.expires.toISOString().slice(11, 19)} UTC, ${inWords(lasts)} after the request.`;
  });

  step('9.2', 'MongoDB has a TTL index on expires, of 0 seconds', async (stage) => {
    const { sent } = await stage.shopper('Ann').visits('/');
    const index = await ttlIndex(stage);
    const { key, expireAfterSeconds: after } = index ?? {};

    must(index && JSON.stringify(key) === '{"expires":1}' && after === 0, {
      sent,
      got: index
        ? `shop.sessions has a TTL index on ${JSON.stringify(key)}, expireAfterSeconds ${after}`
        : 'shop.sessions has no TTL index',
      likely: index
        ? 'expires is the moment itself, and expiresAfterSeconds is what MongoDB adds to it: every document lies around so much longer. How long a session lasts is said by cookie.maxAge.'
        : 'A MongoDBStore asks for its index by itself. Return one from createStore(), with the collection sessions.',
      look: [/expiresAfterSeconds|expiresKey/, /MongoDBStore\(/, /createStore/],
    });
    return `${index.name} is a TTL index on expires, of 0 seconds: MongoDB deletes a document when its own date has passed.`;
  });

  step('9.3', 'a session that has ended is refused, and MongoDB clears it out', async (stage) => {
    const ann = stage.shopper('Ann');
    const ben = stage.shopper('Ben');
    await ann.adds('mug');
    await ben.adds('teapot');
    const anns = ann.sessionCookie();
    const bens = ben.sessionId() ?? '';
    await stage.timePasses(IDLE_LIMIT + 5 * MINUTE);
    // Ann's browser has dropped its cookie. Mallory kept a copy of it.
    const malloryVisits = await thief(stage, anns);
    const cart = await malloryVisits('/cart');
    const sent = `35 minutes after Ann's and Ben's last requests, with a copy of Ann's cookie\n${cart.sent}`;

    must(cart.cart.length === 0, {
      after: cart,
      sent,
      likely: stage.says(OWN_GET)
        ? 'get() gives out a session whose end has passed. MongoDB clears out once a minute, so until then the store must refuse it.'
        : 'The session goes on: nothing has ended it on the server. That the browser drops its cookie ends no session.',
      look: [OWN_GET, ...SESSION_CALL],
    });
    must(await stage.mongo.session(bens), {
      sent,
      got: `${cart.got}\nand the document of Ben, who asked for nothing, is gone as well`,
      likely:
        'Something in the shop deletes old sessions. MongoDB does that by the TTL index, once for all instances. A cleaner of your own costs a command each time, and runs on every one of them.',
      look: [/deleteMany|setInterval/, /createStore/],
    });
    await stage.mongo.sweep(stage.clock.now());
    const left = await stage.mongo.session(bens);
    must(!left, {
      sent,
      got: `MongoDB cleared out, and the document of Ben is still there: expires ${left?.expires?.toISOString()}`,
      likely: 'What the TTL index deletes are documents whose `expires` is a date that has passed.',
      look: [/expiresAfterSeconds|expiresKey/, ...TOUCH],
    });
    return "35 minutes later a copy of Ann's cookie opened an empty cart. Ben's document lay there until MongoDB's next round, and then was gone.";
  });

  step('9.4', 'a shopper who only looks stays logged in', async (stage) => {
    const { ada, id } = await adaLogsIn(stage);
    const before = (await stage.mongo.session(id))?.expires?.getTime() ?? 0;
    await stage.timePasses(20 * MINUTE);
    stage.mongo.tap.forget();
    const look = await ada.visits('/');
    const left = await movedEnd(stage, ada, { id, beyond: before + 10 * MINUTE });
    const ofCookie = endOfCookie(look) ?? 0;
    const now = stage.clock.now().getTime();

    must(left > before + 10 * MINUTE, {
      after: look,
      sent: `20 minutes after the login\n${look.sent}`,
      got: `${look.got}\nthe document ${left ? `ends in ${inWords(left - now)}, as before` : 'is gone'}`,
      likely: await likelyUnmoved(stage, left),
      look: left ? TOUCH : LIMIT,
    });
    must(ofCookie > before + 10 * MINUTE, {
      after: look,
      sent: `20 minutes after the login\n${look.sent}`,
      got: `${look.got}\nthe document ends in ${inWords(left - now)}, the cookie still in ${inWords(before - now)}`,
      likely:
        'The document moved and the cookie did not, so the browser drops a cookie whose session goes on. rolling: true sends it again with each response.',
      look: [/rolling/, ...SESSION_CALL],
    });
    for (const _look of [2, 3, 4]) {
      await stage.timePasses(20 * MINUTE);
      await ada.visits('/');
    }
    const account = await ada.visits('/account');
    must(account.account === 'u-ada', {
      after: account,
      sent: `80 minutes after the login, a page every 20 minutes\n${account.sent}`,
      likely: 'The end moved with the first look, and not with those after it.',
      look: TOUCH,
    });
    return 'Ada looked at a page every 20 minutes and changed nothing. Each look moved the end of her cookie and of her document.';
  });

  step('9.5', 'looking moves the end, and stores nothing else', async (stage) => {
    // An answer may move the end once in some minutes. The two looks below are within the first ones of an hour.
    await stage.timePasses(HOUR - (stage.clock.now().getTime() % HOUR));
    const { ada, id } = await adaLogsIn(stage);
    await ada.adds('mug');
    await ada.opensCart();
    stage.mongo.tap.forget();
    const look = await ada.visits('/');
    await settled(ada);
    const commands = stage.mongo.tap.commands();
    const backAgain = commands.filter(({ body }) => JSON.stringify(body).includes('"mug"'));
    stage.mongo.tap.forget();
    const passing = await stage.shopper('Ben').visits('/');
    const forPassing = stage.mongo.tap.commands();

    must(backAgain.length === 0, {
      after: look,
      got: `${look.got}\nand MongoDB was sent the whole session again, cart and all`,
      likely: await likelyBackAgain(stage),
      look: [/resave:\s*true/, ...PUTS, ...TOUCH],
    });
    must(passing.setCookieLines.length === 0 && forPassing.length === 0, {
      after: passing,
      likely:
        'A visitor who only passes by got a session: something is put into req.session, or saved, on every request. Only look at sessions that hold something.',
      look: [...PUTS, ...SESSION_CALL],
    });
    await mustOutliveRefusedTouch(stage, ada, TOUCH);
    const before = (await stage.mongo.session(id))?.expires?.getTime() ?? 0;
    await stage.timePasses(20 * MINUTE);
    stage.mongo.tap.forget();
    const later = await ada.visits('/');
    must((await movedEnd(stage, ada, { id, beyond: before + 10 * MINUTE })) > before + 10 * MINUTE, {
      after: later,
      sent: `20 minutes after the look before\n${later.sent}`,
      likely:
        'Looking does not move the end, so there is nothing to say yet of what it stores: step 9.4 comes first.',
      look: TOUCH,
      waitsFor: '9.4',
    });
    return `For a look MongoDB got: ${commands.map(({ name }) => name).join(', ')}. The cart was not sent again. For a visitor without a session it got nothing.`;
  });

  step('9.6', 'the absolute limit ends even an active session', async (stage) => {
    const { ada, id } = await adaLogsIn(stage);
    const malloryVisits = await thief(stage, ada.sessionCookie());
    for (let minutes = 25; minutes < 460; minutes += 25) {
      await stage.timePasses(25 * MINUTE);
      const account = await ada.visits('/account');
      must(account.account === 'u-ada', {
        after: account,
        sent: `${inWords(minutes * MINUTE)} after the login, a page every 25 minutes\n${account.sent}`,
        likely: `Ada was active, and out long before 8 hours were over. ${minutes < 60 ? 'Step 9.4 says why.' : 'The limit counts from loggedInAt, in milliseconds.'}`,
        ...(minutes < 60 ? { waitsFor: '9.4' } : {}),
        look: minutes < 60 ? TOUCH : LIMIT,
      });
    }
    let account = await ada.visits('/account');
    let copied = await malloryVisits('/account');
    for (const _page of ['at 7:55', 'at 8:20', 'at 8:45']) {
      await stage.timePasses(25 * MINUTE);
      account = await ada.visits('/account');
      copied = await malloryVisits('/account');
    }
    const after = '8 hours and 45 minutes after the login, a page every 25 minutes';
    must(account.account !== 'u-ada', {
      after: account,
      sent: `${after}\n${account.sent}`,
      likely: likelyEndless(stage),
      look: LIMIT,
    });
    must(copied.account !== 'u-ada', {
      after: copied,
      sent: `${after}, by Mallory, with a copy of Ada's cookie\n${copied.sent}`,
      got: `${copied.got}\nthe document lives on, until ${(await stage.mongo.session(id))?.expires?.toISOString()}`,
      likely:
        'Only the cookie ended, in one browser. The session lives on, and a copy of the cookie opens it. The limit has to end the session in the store, too.',
      look: [/touch/, ...LIMIT],
    });
    return 'Ada opened a page every 25 minutes. After 8 hours she had to log in again, and a copy of her cookie was dead, too.';
  });
});

/** Ada, logged in, with no message waiting: the next page changes nothing in her session. */
async function adaLogsIn(stage: Stage): Promise<{ ada: Shopper; id: string }> {
  const ada = stage.shopper('Ada');
  await ada.posts('/login', demoLogins.ada);
  await ada.visits('/account');
  return { ada, id: ada.sessionId() ?? '' };
}

/** Mallory, who has a copy of a cookie, and takes no notice of what the shop says about its end. */
async function thief(stage: Stage, cookie: { name: string; value: string } | undefined) {
  const mallory = stage.shopper('Mallory');
  await mallory.visits('/');
  return (path: string) => {
    if (cookie) mallory.carries(cookie.name, cookie.value);
    return mallory.visits(path);
  };
}
