import { submitsWhileHeld } from '#checks/support/held-write.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';

const { ada, grace } = demoLogins;
// Not where it is imported.
const REGENERATE = /regenerate\b(?!\s*[,}])/;
const LOG_IN = [REGENERATE, /isLoggedIn = true|isLoggedIn: true/, /logIn\b/];
const LOG_OUT = [/isLoggedIn = false/, /destroy\b(?!\s*[,}])|clearCookie/, /logOut\b/];
const GUARD = [/requireLogin\b/];
/** What a database answers whose user has lost a right. No driver tries such a thing again. */
const NO_RIGHTS = { code: 13, message: 'not authorized on shop' };

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
      likely: (await stage.eventsOf('POST /login')).includes('regenerate')
        ? 'The session that is logged in still has the ID from before. regenerate() replaces req.session when it is done: await it, or log in inside its callback, and only then set the flags and save.'
        : 'The ID from before the login is logged in now. Whoever knew it, or planted it in this browser, is Ada too: session fixation. Call req.session.regenerate() before anything is granted.',
      look: LOG_IN,
    });
    await ann.lands(login);
    const account = await ann.visits('/account');
    must(account.account === 'u-ada', {
      after: account,
      likely:
        account.account === ''
          ? "The account opens, and is nobody's: userId is missing in the session. It is the ID of the user."
          : 'Ada logged in, and the next request does not know it. What is put into the session before regenerate() goes with the old one, also through a variable that still holds it: set isLoggedIn and userId on the new req.session, when regenerate() is done.',
      look: LOG_IN,
    });
    const mallory = stage.shopper('Mallory');
    await mallory.visits('/');
    mallory.carries(cookie?.name ?? '', cookie?.value ?? '');
    const planted = await mallory.visits('/account');
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
    const session = (await stage.mongo.session(ann.sessionId() ?? ''))?.session ?? {};
    const got = `${login.got}\nthe document's session has ${Object.keys(session).join(', ') || 'nothing'}`;

    must(session.isLoggedIn === true && session.userId === 'u-ada', {
      after: login,
      got,
      likely:
        'The two flags are isLoggedIn, which is true, and userId, which is the ID of the user. Set both on req.session, after regenerate().',
      look: LOG_IN,
    });
    const stored = JSON.stringify(session);
    const secret = stored.includes(ada.password) || stored.includes('$argon2');
    const copied = stored.includes(ada.email) || Object.values(session).some((part) => part?.id === 'u-ada');
    must(!secret && !copied, {
      after: login,
      got: `${got}\nand ${secret ? "Ada's password, in clear or as its hash, is" : 'a copy of Ada is'} among it`,
      likely:
        'The user went into the session, and not the ID alone. The copy goes out of date, and whoever reads the store, a backup or a log of it has the user too. Store the ID: findUser() knows the rest.',
      look: [/user,? \}|\.user = |email:/, ...LOG_IN],
    });
    return 'MongoDB holds { isLoggedIn: true, userId: "u-ada" }. Who Ada is stands where users are kept, and is read there.';
  });

  step('7.3', 'the redirect after the login waits for the session to be stored', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const login = await submitsWhileHeld(stage, ann, { path: '/login', fields: ada, held: 'update' });

    must(!login.early, {
      sent: login.sent,
      got: login.got,
      likely:
        'The redirect left before MongoDB had the session. A quick browser asks for /account, and another instance finds no login. Save first: await save(req), or redirect in the callback of req.session.save().',
      look: [/res\.redirect\([^)]*account/, ...LOG_IN],
    });
    return 'While MongoDB held the write back, no redirect came. It came when the session was stored.';
  });

  step('7.4', 'the account asks who is not logged in to log in', async (stage) => {
    const passer = stage.shopper('Ann');
    const shopper = stage.shopper('Ben');
    await shopper.adds('mug');
    for (const visitor of [passer, shopper]) {
      const turned = await visitor.visits('/account');
      const likely =
        visitor === passer
          ? 'requireLogin lets everybody pass. It has to look at req.session.isLoggedIn, and redirect to /login.'
          : 'A visitor with a cart has a session, too, and is nobody yet. Look at req.session.isLoggedIn, not at whether there is a session.';
      const isTurned = turned.headers.location?.split('?')[0] === '/login';
      must(isTurned, {
        after: turned,
        likely: !isTurned && (await isForgotten(stage, visitor)) ? LIKELY_SHARED : likely,
        look: GUARD,
      });
    }
    await shopper.posts('/login', grace);
    const account = await shopper.visits('/account');
    must(account.account === 'u-grace', {
      after: account,
      likely: 'Grace is logged in, and the guard does not let her pass. Call next() for who is logged in.',
      look: GUARD,
    });
    return 'Ann was sent to /login, Ben too, cart and all. As Grace he was let in.';
  });

  step('7.5', 'logout ends the session, in the store and in the browser', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.posts('/login', ada);
    const held = await submitsWhileHeld(stage, ann, { path: '/logout', held: 'delete' });
    must(!held.early, {
      sent: held.sent,
      got: held.got,
      likely: (await stage.eventsOf('POST /logout')).some((each) => /^(?:destroy|regenerate)/.test(each))
        ? 'The redirect left before the session was deleted, so the next page may find Ada still logged in. await destroy(req), or redirect in its callback.'
        : await likelyNotEnded(stage, ann, held.setCookieLines),
      look: LOG_OUT,
    });

    await ann.posts('/login', ada);
    const kept = ann.sessionId();
    stage.mongo.tap.fail('delete', NO_RIGHTS);
    const refused = await ann.asks('/logout', {});
    await stage.mongo.tap.behave();
    must(refused.status >= 400 || ann.sessionId() === kept, {
      after: refused,
      sent: `${refused.sent}\nwhile MongoDB refused the delete`,
      likely:
        'The session could not be deleted, and the shop said goodbye all the same: whoever has a copy of the cookie is still Ada, and nobody knows. destroy() hands its callback the error: pass it on, next(error).',
      look: LOG_OUT,
    });

    const login = await ann.posts('/login', ada);
    const id = ann.sessionId() ?? '';
    const name = ann.sessionCookie()?.name ?? '';
    const logout = await ann.posts('/logout');
    must(!(await stage.mongo.session(id)), {
      after: logout,
      got: `${logout.got}\nthe document ${id.slice(0, 8)}… is still in MongoDB`,
      likely: await likelyNotEnded(stage, ann, logout.setCookieLines),
      look: LOG_OUT,
    });
    const cleared = logout.setCookie(name);
    must(cleared && cleared.path === login.setCookie(name)?.path && !cleared.value.includes(id), {
      after: logout,
      got: `${logout.got}\nthe browser keeps the cookie ${name}`,
      likely: cleared
        ? 'A browser deletes a cookie when name and path are those it was set with. express-session sets Path=/.'
        : `destroy() sends no Set-Cookie, so the browser keeps a ticket that nothing belongs to. Clear it as well: res.clearCookie('${name}').`,
      look: [/destroy\b(?!\s*[,}])|clearCookie/, ...LOG_OUT],
    });
    await ann.lands(logout);
    return 'The document is deleted, so every copy of the cookie is dead. The one in the browser is cleared. Then came the redirect.';
  });

  step('7.6', 'a failed login changes nothing and tells nothing', async (stage) => {
    const ann = stage.shopper('Ann');
    await ann.adds('mug');
    const id = ann.sessionId() ?? '';
    const before = JSON.stringify((await stage.mongo.session(id))?.session);
    const wrong = await ann.tries('/login', { email: ada.email, password: 'difference-engine' });
    const after = JSON.stringify((await stage.mongo.session(id))?.session);

    must(before === after && ann.sessionId() === id, {
      after: wrong,
      got: `${wrong.got}\nthe session is not what it was before`,
      likely:
        'Nobody logged in, so nothing may change: not the session ID, not the session. Touch req.session only when authenticate() has returned a user.',
      decided: true,
      look: LOG_IN,
    });
    const unknown = await ann.tries('/login', {
      email: 'mallory@example.com',
      password: 'difference-engine',
    });
    must(inWords(wrong) === inWords(unknown), {
      after: unknown,
      sent: `POST /login with a wrong password, then with an email that has no account`,
      got: 'two different answers',
      decided: true,
      likely:
        'Whoever tries emails one by one learns from the answer which of them have an account. Say the same for both.',
      look: [/findUserByEmail/, /authenticate/, ...LOG_IN],
    });
    return 'The session stayed as it was, and an unknown email got the same words as a wrong password.';
  });

  step('7.7', "two users never see each other's", async (stage) => {
    const ann = stage.shopper('Ann');
    const ben = stage.shopper('Ben');
    await ann.posts('/login', ada);
    await ben.posts('/login', grace);
    await ann.adds('teapot');
    for (const [shopper, user, cart] of [
      [ann, 'u-ada', 1],
      [ben, 'u-grace', 0],
    ] as const) {
      const account = await shopper.visits('/account');
      must(account.account === user, {
        after: account,
        sent: `Ada logged in, then Grace in another browser\n${account.sent}`,
        likely: LIKELY_SHARED,
        look: [/locals/, /^let /, ...LOG_IN],
      });
      const page = await shopper.opensCart();
      must(page.cart.length === cart, { after: page, likely: LIKELY_SHARED, look: [/locals/, /^let /] });
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

const LIKELY_SHARED =
  'Who is logged in is kept in a place that all requests share: a variable of the module, or app.locals. It belongs into req.session.';

/** Whether a new process turns a visitor away whom the old one let in: what it knew of them was in its memory. */
async function isForgotten(stage: Stage, visitor: Shopper): Promise<boolean> {
  await stage.shop.restart();
  const page = await visitor.asks('/account');
  return page.headers.location?.split('?')[0] === '/login';
}

/** Why the session of a user is there after the logout. @param lines the Set-Cookie lines of the logout */
async function likelyNotEnded(stage: Stage, shopper: Shopper, lines: readonly string[]): Promise<string> {
  const sessions = await stage.mongo.sessions();
  const own = sessions.find(({ _id }) => _id === shopper.sessionId());
  if (own?.session.isLoggedIn === false) {
    return 'isLoggedIn = false is a note in a session that lives on, cart and all, under an ID that others may know. End it: req.session.destroy().';
  }
  if (lines.some((line) => /^[^=]+=;.*(?:Max-Age=0|Expires=Thu, 01 Jan 1970)/i.test(line))) {
    return 'The cookie is cleared in one browser, and the session lives on: whoever has a copy of the cookie is still Ada. End it: req.session.destroy().';
  }
  return 'The session lives on in MongoDB, so a copy of its cookie is still logged in. End it: req.session.destroy().';
}

/** What a visitor reads: status, where to, and the words, but for emails, which they may have typed themselves. */
function inWords({ status, headers, body }: Exchange): string {
  const words = `${status} ${headers.location} ${body.replace(/<[^>]*>/g, ' ')}`;
  return words.replace(/[^\s?&=]+(?:@|%40)[^\s&]+/g, '');
}
