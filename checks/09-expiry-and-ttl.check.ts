import {
  adaLogsIn,
  comesByFor,
  limitOf,
  mustLastAfterLogin,
  OTHER_LIMIT,
  silentNearLimit,
} from '#checks/support/active-shopper.ts';
import { mustEndOnAnyPage, mustMoveOwnEnd } from '#checks/support/own-end.ts';
import { mustNotUpsert, mustOutliveRefusedTouch } from '#checks/support/refused-touch.ts';
import {
  duration,
  endNow,
  endOfCookie,
  endOfDocument,
  isOver,
  movedEnd,
  mustBeClearedOut,
  mustKeepAnEnd,
  settled,
  ttlIndex,
} from '#checks/support/session-end.ts';
import {
  changedKeys,
  likelyBackAgain,
  likelyNoEnd,
  likelyNoIndex,
  likelyNoLimit,
  likelyUnmoved,
  likelyWrongAge,
  likelyWrongIndex,
} from '#checks/support/session-end-words.ts';
import { savesUninitialized } from '#checks/support/session-options.ts';
import { thief } from '#checks/support/stolen-cookie.ts';
import { defineCheck, must, needs } from '#grader/check/check.ts';

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
    const documentLasts = document?.expires && document.expires.getTime() - asked;

    must(cookieEnds, { after: added, likely: likelyNoEnd(added, documentLasts), look: SESSION_CALL });
    const lasts = cookieEnds - asked;
    const given = (await stage.sessionCall())?.cookie.maxAge;
    must(Math.abs(lasts - IDLE_LIMIT) < ROUGHLY + tookMs, {
      after: added,
      got: `${added.got}\nit ends ${duration(lasts)} after the request`,
      likely: await likelyWrongAge(stage, lasts),
      look: given === IDLE_LIMIT ? [/cookie\.(?:maxAge|expires) =/, ...SESSION_CALL] : SESSION_CALL,
    });
    const documentEnds = await endOfDocument(stage, added, SESSION_CALL);
    must(Math.abs(documentEnds - cookieEnds) < 2 * SECOND + tookMs, {
      after: added,
      got: `${added.got}\nthe document ends ${duration(documentEnds - asked)} after the request`,
      likely:
        'The store takes the end from cookie.maxAge, so both are the same, unless something writes another one.',
      look: TOUCH,
    });
    return `Both end at ${new Date(documentEnds).toISOString().slice(11, 19)} UTC by the check's clock, ${duration(lasts)} after the request.`;
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
      likely: index ? likelyWrongIndex(index) : likelyNoIndex(stage),
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
    const stored = await stage.mongo.session(bens);
    needs('9.1', stored, {
      sent: 'POST /cart, by Ann and by Ben',
      got: bens
        ? `shop.sessions has no document with the _id ${bens.slice(0, 8)}…`
        : 'no session cookie for Ben',
      likely: 'There is no session that could end: step 9.1 says why.',
      look: [/idField/, ...SESSION_CALL],
    });
    await stage.timePasses(IDLE_LIMIT + 5 * MINUTE);
    // Ann's browser has dropped its cookie. Mallory kept a copy of it.
    const malloryVisits = await thief(stage, anns);
    const cart = await malloryVisits('/cart');
    const sent = `35 minutes after Ann's and Ben's last requests, with a copy of Ann's cookie\n${cart.sent}`;

    must(cart.cart.length === 0, {
      after: cart,
      sent,
      likely: (await isOver(stage))
        ? 'get() gives out a session whose end has passed. MongoDB clears out once a minute, so until then the store must refuse it.'
        : 'The session goes on: nothing has ended it on the server. That the browser drops its cookie ends no session.',
      look: [OWN_GET, ...SESSION_CALL],
    });
    await mustBeClearedOut(stage, bens, { sent, got: cart.got, look: TOUCH });
    return "35 minutes later a copy of Ann's cookie opened an empty cart. Ben's document lay there until MongoDB's next round, and then was gone.";
  });

  step('9.4', 'a shopper who only looks stays logged in', async (stage) => {
    const { ada, id } = await adaLogsIn(stage, SESSION_CALL);
    const before = await endNow(stage, id, TOUCH);
    mustLastAfterLogin(stage, before, { limit: LIMIT, touch: TOUCH });
    await stage.timePasses(20 * MINUTE);
    stage.mongo.tap.forget();
    const look = await ada.visits('/');
    const left = await movedEnd(stage, ada, { id, beyond: before + 10 * MINUTE, look: TOUCH });
    const ofCookie = endOfCookie(look) ?? 0;
    const now = stage.clock.now().getTime();

    must(left > before + 10 * MINUTE, {
      after: look,
      sent: `20 minutes after the login\n${look.sent}`,
      got: `${look.got}\nthe document ${left ? `ends in ${duration(left - now)}, as before` : 'is gone'}`,
      likely: await likelyUnmoved(stage, left),
      look: left ? TOUCH : LIMIT,
    });
    must(ofCookie > before + 10 * MINUTE, {
      after: look,
      sent: `20 minutes after the login\n${look.sent}`,
      got: `${look.got}\nthe document ends in ${duration(left - now)}, the cookie still in ${duration(before - now)}`,
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
    const { ada, id } = await adaLogsIn(stage, SESSION_CALL);
    await ada.lands(await ada.adds('mug'));
    await ada.opensCart();
    await settled(ada);
    const stored = await stage.mongo.session(id);
    stage.mongo.tap.forget();
    const look = await ada.visits('/');
    await settled(ada);
    const commands = stage.mongo.tap.commands();
    const backAgain = commands.filter(({ body }) => JSON.stringify(body).includes('"mug"'));
    const now = await stage.mongo.session(id);
    const changed = changedKeys(stored?.session ?? {}, now?.session ?? {});
    must(backAgain.length === 0, {
      after: look,
      got: `${look.got}\nand MongoDB was sent the whole session again, cart and all`,
      likely: await likelyBackAgain(stage, changed),
      look: [
        /resave:\s*true/,
        ...changed.map((key) => new RegExp(`\\.${key} (?:\\?\\?)?=(?!=)`)),
        ...PUTS,
        ...TOUCH,
      ],
    });
    mustNotUpsert(stage, look, TOUCH);
    stage.mongo.tap.forget();
    const passing = await stage.shopper('Ben').visits('/');
    const forPassing = stage.mongo.tap.commands();

    const storesEverybody = savesUninitialized(await stage.sessionCall());
    must(passing.setCookieLines.length === 0 && forPassing.length === 0, {
      after: passing,
      likely: storesEverybody
        ? `${storesEverybody} makes a session for everyone who passes by.`
        : 'A visitor who only passes by got a session: something is put into req.session, or saved, on every request. Only look at sessions that hold something.',
      look: [...PUTS, ...SESSION_CALL],
    });
    await mustOutliveRefusedTouch(stage, ada, TOUCH);
    await mustKeepAnEnd(stage, TOUCH);
    const before = await endNow(stage, id, TOUCH);
    await stage.timePasses(20 * MINUTE);
    stage.mongo.tap.forget();
    const later = await ada.visits('/');
    const moved = await movedEnd(stage, ada, { id, beyond: before + 10 * MINUTE, look: TOUCH });
    mustNotUpsert(stage, later, TOUCH);
    needs('9.4', moved > before + 10 * MINUTE, {
      after: later,
      sent: `20 minutes after the look before\n${later.sent}`,
      likely:
        'Looking does not move the end, so there is nothing to say yet of what it stores: step 9.4 comes first.',
      look: TOUCH,
    });
    await mustMoveOwnEnd(stage, TOUCH);
    return `For a look MongoDB got: ${commands.map(({ name }) => name).join(', ')}. The cart was not sent again. For a visitor without a session it got nothing.`;
  });

  step('9.6', 'the absolute limit ends even an active session', async (stage) => {
    const { ada, id } = await adaLogsIn(stage, SESSION_CALL);
    const loginAt = stage.clock.now().getTime();
    const loggedInAt = async () => (await stage.mongo.session(id))?.session.loggedInAt;
    const atLogin = await loggedInAt();
    const malloryVisits = await thief(stage, ada.sessionCookie());
    await comesByFor(stage, ada, 450, { early: TOUCH, late: LIMIT });
    await stage.timePasses(20 * MINUTE);
    await ada.visits('/').catch(silentNearLimit(470, LIMIT));
    await settled(ada);
    const end = await endNow(stage, id, TOUCH);
    const document = await stage.mongo.session(id);
    await stage.timePasses(20 * MINUTE);
    const account = await ada.visits('/account');
    await settled(ada);
    const hasEnded = (await endNow(stage, id, TOUCH)) <= stage.clock.now().getTime();
    const after = '8 hours and 10 minutes after the login, 20 minutes after the page before';
    const limit = account.account === 'u-ada' && !hasEnded ? await limitOf(stage, ada, loginAt) : undefined;
    must(account.account !== 'u-ada', {
      after: account,
      sent: `${after}\n${account.sent}`,
      got: `${account.got}\nthe page before had put the document's end to ${duration(end - loginAt)} after the login`,
      likely: likelyNoLimit([atLogin, await loggedInAt()], hasEnded, limit),
      look: [OTHER_LIMIT, ...LIMIT],
      decided: true,
    });
    const copied = await malloryVisits('/account');
    must(copied.account !== 'u-ada', {
      after: copied,
      sent: `${after}, by Mallory, with a copy of Ada's cookie\n${copied.sent}`,
      got: `${copied.got}\nthe document lives on, until ${(await stage.mongo.session(id))?.expires?.toISOString()}`,
      likely:
        'Only the cookie ended, in one browser. The session lives on, and a copy of the cookie opens it. The limit has to end the session in the store, too.',
      look: [/touch/, ...LIMIT],
      decided: true,
    });
    if (document && end > stage.clock.now().getTime()) await mustEndOnAnyPage(stage, document, after, LIMIT);
    return 'Ada opened page after page, the last one 10 minutes before 8 hours were over. 10 minutes after them she had to log in again, and a copy of her cookie was dead, too.';
  });
});
