import { submitsWhileHeld } from '#checks/support/held-write.ts';
import {
  isTurned,
  likelyLetIn,
  mustBeLoggedIn,
  mustHaveAccount,
  mustOutliveProcess,
  sessionAfter,
} from '#checks/support/logged-in.ts';
import {
  IS_LOGGED_IN,
  isRedirect,
  LIKELY_SHARED,
  LOG_IN,
  LOG_OUT,
  likelyNoRedirect,
  likelyNotEnded,
  likelySameId,
  otherCleared,
  SHARED,
  USER_ID,
} from '#checks/support/login-words.ts';
import { mustRefuseLogin } from '#checks/support/refused-login.ts';
import { asksWhileRefused, mustTellRefusal } from '#checks/support/refused-save.ts';
import { likelySavedBefore } from '#checks/support/session-changes.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import { demoLogins, findUser, type User } from '#shop/users.ts';

const { ada, grace } = demoLogins;

export default defineCheck((step) => {
  step('7.1', 'login gives a new session ID, and the old cookie is dead', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const cookie = ann.sessionCookie();
    const before = ann.sessionId() ?? '';
    const login = await ann.posts('/login', ada);
    const after = ann.sessionId();

    must(after && after !== before, {
      after: login,
      got: `${login.got}\nthe session ID is still ${before.slice(0, 8)}…`,
      likely: await likelySameId(stage),
      look: LOG_IN,
    });
    await ann.lands(login);
    await mustHaveAccount(stage, ann, 'u-ada');
    const mallory = stage.shopper('Mallory');
    await mallory.visits('/');
    mallory.carries(cookie?.name ?? '', cookie?.value ?? '');
    const planted = await mallory.asks('/account');
    const left = await stage.mongo.session(before);
    must(!left && planted.account !== 'u-ada', {
      after: planted,
      got: `${planted.got}\nthe session from before the login is still in MongoDB`,
      likely:
        'A new session was made, and the old one was left behind: its cookie still opens it. regenerate() makes the new one and deletes the old one.',
      look: LOG_IN,
    });
    return `The ID was ${before.slice(0, 8)}… and is ${after.slice(0, 8)}… since the login. Mallory, who knew the first one, has nothing.`;
  });

  step('7.2', 'the document says isLoggedIn and userId, and nothing of the user', async (stage) => {
    const ann = stage.shopper('Ann');
    const login = await ann.posts('/login', ada);
    const session = await sessionAfter(stage, ann, login);
    const got = `${login.got}\nthe document's session has ${Object.keys(session).join(', ') || 'nothing'}`;

    must(session.isLoggedIn === true && session.userId === 'u-ada', {
      after: login,
      got,
      likely:
        'The two flags are isLoggedIn, which is true, and userId, which is the ID of the user. Set both on req.session, after regenerate().',
      look: session.isLoggedIn === true ? USER_ID : IS_LOGGED_IN,
    });
    const stored = JSON.stringify(session);
    const secret = stored.includes(ada.password) || stored.includes('$argon2');
    const { name, email } = findUser('u-ada') as User;
    const copied = stored.includes(email)
      ? 'her email'
      : stored.includes(`:"${name}"`)
        ? 'her name'
        : Object.values(session).some((part) => part?.id === 'u-ada') && 'a copy of her';
    must(!secret && !copied, {
      after: login,
      got: `${got}\nand ${secret ? 'the password of Ada, in clear or as its hash' : `of Ada ${copied}`} is in it`,
      likely:
        'More of the user than the ID went into the session. The copy goes out of date, and whoever reads the store, a backup or a log of it has the user too. Store the ID: findUser() knows the rest.',
      look: [/session\.\w+ = .*\buser\b(?!\.id\b)/, /user,? \}|\.user = |email:|assign\(/, ...LOG_IN],
    });
    const { cookie: _, ...kept } = session;
    const held = Object.entries(kept).map(([key, value]) => `${key}: ${JSON.stringify(value).slice(0, 40)}`);
    return `MongoDB holds { ${held.join(', ')} }. Who Ada is stands where users are kept, and is read there.`;
  });

  step('7.3', 'the redirect after the login waits for the session to be stored', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const login = await submitsWhileHeld(stage, ann, { path: '/login', fields: ada, held: 'update' });

    must(!login.early, {
      after: login.exchange,
      sent: login.sent,
      got: login.got,
      likely:
        (await likelySavedBefore(stage, 'POST /login')) ??
        'The answer left before MongoDB had the session. A quick browser asks for /account, and another instance finds no login. Save first: await save(req), or redirect in the callback of req.session.save().',
      look: [/res\.redirect\([^)]*account/, ...LOG_IN],
    });
    must(isRedirect(login.exchange), {
      after: login.exchange,
      likely: likelyNoRedirect(login.exchange),
      look: LOG_IN,
    });
    await ann.adds('lamp');
    for (const refused of ['delete', 'update'] as const)
      await mustTellRefusal(stage, ann, { path: '/login', fields: ada, refused });
    return 'While MongoDB held the write back, no redirect came. It came when the session was stored, and not when MongoDB refused it.';
  });

  step('7.4', 'the account asks who is not logged in to log in', async (stage) => {
    const passer = stage.shopper('Ann');
    const shopper = stage.shopper('Ben');
    await shopper.adds('mug');
    for (const visitor of [passer, shopper]) {
      const { printed } = stage.shop;
      const turned = await visitor.asks('/account');
      if (turned.status >= 500 && turned.headers.location) throw await stage.shop.refusal(turned, printed);
      must(isTurned(turned), {
        after: turned,
        ...(await likelyLetIn(stage, visitor, turned, visitor === passer)),
      });
    }
    await mustBeLoggedIn(stage, shopper, await shopper.posts('/login', grace));
    await mustHaveAccount(stage, shopper, 'u-grace');
    await mustOutliveProcess(stage, shopper);
    return 'Ann was sent to /login, Ben too, cart and all. As Grace he was let in, also by a new process.';
  });

  step('7.5', 'logout ends the session, in the store and in the browser', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.posts('/login', ada);
    const held = await submitsWhileHeld(stage, ann, { path: '/logout', held: 'delete' });
    const { events = [] } = (await stage.factsOf('POST /logout')) ?? {};
    must(!held.early, {
      after: held.exchange,
      sent: held.sent,
      got: held.got,
      likely: events.some((each) => /^(?:destroy|regenerate)/.test(each))
        ? 'The redirect left before the session was deleted, so the next page may find Ada still logged in. await destroy(req), or redirect in its callback.'
        : await likelyNotEnded(stage, ann, held.exchange),
      look: LOG_OUT,
    });
    must(isRedirect(held.exchange), {
      after: held.exchange,
      likely: likelyNoRedirect(held.exchange),
      look: LOG_OUT,
    });

    await ann.posts('/login', ada);
    const kept = ann.sessionId();
    const refused = await asksWhileRefused(stage, ann, { path: '/logout', fields: {}, refused: 'delete' });
    must(refused.status >= 400 || ann.sessionId() === kept, {
      after: refused,
      sent: `${refused.sent}\nwhile MongoDB refused the delete`,
      likely:
        'The session could not be deleted, and the shop said goodbye all the same: whoever has a copy of the cookie is still Ada, and nobody knows. The error of destroy() answers the request: do not catch what await destroy(req) throws. In a callback, pass it on: next(error).',
      look: LOG_OUT,
    });

    const login = await ann.posts('/login', ada);
    const id = ann.sessionId() ?? '';
    const name = ann.sessionCookie()?.name ?? '';
    must(id, { after: login, likely: 'The login left no session cookie in the browser.', look: LOG_IN });
    const { printed } = stage.shop;
    const logout = await ann.posts('/logout');
    must(!(await stage.mongo.session(id)), {
      after: logout,
      got: `${logout.got}\nthe document ${id.slice(0, 8)}… is still in MongoDB`,
      likely: await likelyNotEnded(stage, ann, logout),
      look: LOG_OUT,
    });
    const cleared = logout.setCookie(name);
    const isKept = ann.sessionId() === id;
    const isEmptied = ann.cookies.all().some(({ key, value }) => key === name && value === '');
    must(!isKept && !isEmptied, {
      after: logout,
      got: `${logout.got}\nthe browser keeps the cookie ${name}`,
      likely: isEmptied
        ? `The cookie has no value now, and no end that has come: the browser keeps it, and sends it with each request. Clear it: res.clearCookie('${name}').`
        : isKept && (await stage.shop.says(/ERR_HTTP_HEADERS_SENT/, { after: printed, withinMs: 1000 }))
          ? 'The cookie is cleared when the answer is on its way, and its head cannot take a Set-Cookie any more. Clear it above the redirect.'
          : cleared?.value.includes(id)
            ? 'The logout sends the cookie again, with the old ID in it. Clear it, and set nothing after that.'
            : cleared
              ? 'A browser deletes a cookie when name and path are those it was set with. express-session sets Path=/.'
              : (otherCleared(logout.setCookieLines, name) ??
                `destroy() sends no Set-Cookie, so the browser keeps a ticket that nothing belongs to. Clear it as well: res.clearCookie('${name}').`),
      look: [...(isEmptied ? [/res\.cookie\(/] : []), /destroy\b(?!\s*[,}])|clearCookie/, ...LOG_OUT],
    });
    await ann.lands(logout);
    return 'The document is deleted, so every copy of the cookie is dead. The one in the browser is cleared. Then came the redirect.';
  });

  step('7.6', 'a failed login changes nothing and tells nothing', async (stage) => {
    await mustRefuseLogin(stage);
    return 'The session stayed as it was, and an unknown email got the same words as a wrong password.';
  });

  step('7.7', "two users never see each other's", async (stage) => {
    const ann = stage.shopper('Ann');
    const ben = stage.shopper('Ben');
    await mustBeLoggedIn(stage, ann, await ann.posts('/login', ada));
    await mustBeLoggedIn(stage, ben, await ben.posts('/login', grace));
    await ann.adds('teapot');
    for (const [shopper, user, cart] of [
      [ann, 'u-ada', 1],
      [ben, 'u-grace', 0],
    ] as const) {
      await mustHaveAccount(stage, shopper, user, 'Ada logged in, then Grace in another browser\n');
      const page = await shopper.opensCart();
      must(page.cart.length === cart, {
        after: page,
        likely:
          page.cart.length > cart
            ? LIKELY_SHARED
            : 'Ada put a teapot into her cart, and it is not there. POST /cart keeps it in req.session.cart, as app.ts came.',
        look: page.cart.length > cart ? SHARED : [/session\.cart = /, /app\.post\('\/cart'/],
      });
    }
    const logout = await ben.posts('/logout');
    const account = await ann.visits('/account');
    must(account.account === 'u-ada', {
      after: account,
      sent: `Grace: ${logout.sent}\nthen Ada: ${account.sent}`,
      likely:
        'Grace logged out, and Ada with her. End the one session of this request: req.session.destroy().',
      look: LOG_OUT,
    });
    return 'Two browsers, two users, two carts. Grace logged out, and Ada did not notice.';
  });
});
