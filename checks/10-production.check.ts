import { randomBytes } from 'node:crypto';
import { bytes, mustRefuseNote, mustStayWithin, withoutNote } from '#checks/support/budget.ts';
import { mustRefuseForged } from '#checks/support/forged-cookie.ts';
import {
  likelyBelief,
  likelyCareless,
  likelyNoCookie,
  mustServePlainHttp,
  shopBehindProxy,
} from '#checks/support/in-production.ts';
import { leakIn } from '#checks/support/leak.ts';
import { mustBeHonest, NO_RIGHTS, silentIn, untilServed, whileAway } from '#checks/support/outage.ts';
import {
  LIKELY_ALWAYS_AWAY,
  mustAskForIndex,
  mustNotLogIn,
  mustOutlive,
  RECOVERY_LIMIT,
} from '#checks/support/recovery.ts';
import { mustOutliveRefusedTouch } from '#checks/support/refused-touch.ts';
import { openSwitches } from '#checks/support/switches.ts';
import { askedWithLongWait, askedWithoutWord, mustGiveUp, stayAway } from '#checks/support/waits.ts';
import { defineCheck, must, needs } from '#grader/check/check.ts';
import { THROUGH_TLS_PROXY } from '#grader/check/shopper.ts';
import { demoLogins } from '#shop/users.ts';
import { limitNow } from '../scripts/shared/fair-time.ts';

const BUDGET = 4096;
/** How long the shops of an outage may wait for their database, in milliseconds: short, to be quick. */
const TIMEOUT = 500;

const FLAGS = [/cookieFlags\b.*=/, /\bcookie:/, /\bsession\(\{?/];
const NAME = [/cookieName\b.*=/, /\bname:/, /\bsession\(\{?/];
const TRUST = [/trust proxy/, /\bproxy:/, /shopViews\(/];
const SECRET = [/\bsecret:/, /\bsession\(\{?/];
const BUDGETS = [/SESSION_BUDGET(?! =)/, /\.set = |\bset\(/, /createStore\(config: /];
const TIMEOUTS = [/TimeoutMS/, /connectionOptions/, /new \w*Store\($/];
const ERRORS = [/503/, /\.get = |\.set = |\b[gs]et\(id/, /createStore\(config: /];
const AGAIN = [/\.connect\(\)/, /if \(!?error\)/, /new \w*Store\($/];

export default defineCheck(
  (step) => {
    step('10.1', 'behind the proxy, the session cookie is one of the careful kind', async (stage) => {
      const shop = shopBehindProxy(stage);
      const ann = stage.shopper('Ann', shop, THROUGH_TLS_PROXY);
      const added = await ann.adds('mug');
      const cookie = added.sessionCookie;
      must(cookie, { after: added, likely: await likelyNoCookie(stage), look: [...TRUST, ...FLAGS] });

      const { name, secure, httpOnly, sameSite } = cookie;
      must(secure && httpOnly && /^(?:lax|strict)$/i.test(sameSite ?? ''), {
        after: added,
        decided: true,
        likely: likelyCareless(cookie),
        look: FLAGS,
      });
      must(name !== 'connect.sid', {
        after: added,
        likely:
          'connect.sid is the name in every tutorial: it tells a stranger what the shop is made of, and two shops on one host take each other’s cookies. The option is called name.',
        look: NAME,
      });
      must(ann.sessionCookie(), {
        after: added,
        likely: `A browser throws this cookie away: ${name} promises Secure, Path=/ and no Domain.`,
        look: [...NAME, ...FLAGS],
      });
      await ann.lands(added);
      await ann.lands(await ann.posts('/login', demoLogins.ada));
      const logout = await ann.posts('/logout');
      must(!ann.sessionCookie(), {
        after: logout,
        got: `${logout.got}\nand the browser still has the cookie ${name}`,
        likely:
          'A cookie goes when it is cleared under its own name, and one with __Host- only by a Set-Cookie that is Secure itself. logOut() takes name and flags: give it those that session() has.',
        look: [/logOut\(/, ...NAME],
      });
      await ann.lands(logout);
      return `${name} came with Secure, HttpOnly and SameSite=${sameSite}, and went at logout.`;
    });

    step('10.2', 'the proxy is believed, a stranger is not', async (stage) => {
      await mustServePlainHttp(stage, FLAGS, NAME);
      const lies = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.66' };
      const liar = await stage.shopper('Mallory', stage.shop, lies).visits('/');
      must(liar.way === 'http from 127.0.0.1', {
        after: liar,
        got: `${liar.got}\nthe footer says: ${liar.way}`,
        likely:
          'No proxy stands in front of this shop, and it believed these headers of a stranger. Trust nobody unless config.behindProxy is set.',
        look: TRUST,
      });
      const shop = shopBehindProxy(stage);
      const forwarded = { ...THROUGH_TLS_PROXY, 'X-Forwarded-For': '192.0.2.66, 203.0.113.7' };
      const came = await stage.shopper('Mallory', shop, forwarded).visits('/');
      must(came.way === 'https from 203.0.113.7', {
        after: came,
        got: `${came.got}\nthe footer says: ${came.way}`,
        likely: likelyBelief(came),
        look: TRUST,
      });
      return 'The proxy said https from 203.0.113.7, and was believed. Mallory’s 192.0.2.66 was not, neither through the proxy nor without one.';
    });

    step('10.3', 'a new secret signs, and the old one still opens', async (stage) => {
      const old = stage.shopper('Ann');
      const oldAdded = await old.adds('mug');
      needs('10.2', (await stage.mongo.sessionOf(old)).cart, {
        after: oldAdded,
        likely:
          'The mug is in no session in MongoDB that could be opened again: step 10.2 says why, or the redirect did not wait for the save, or POST /cart keeps the cart elsewhere.',
        look: [/session\.cart = /, ...FLAGS],
      });
      const same = await old.opensCart();
      must(same.cart.length === 1, {
        after: same,
        likely:
          'The mug is in the document, and the shop does not find it there, before any secret was changed: get() hands the session on as the second argument of its callback, callback(null, session).',
        look: [/override get\(|store\.get = /, /callback\(/, ...FLAGS],
      });
      const sessionSecret = randomBytes(32).toString('hex');
      const shop = stage.otherShop({ sessionSecret, previousSecrets: [stage.config.sessionSecret] });
      const ann = stage.shopper('Ann', shop);
      await ann.visits('/');
      ann.carries(old.sessionCookie()?.name ?? '', old.sessionCookie()?.value ?? '');
      const cart = await ann.opensCart();
      const changed = 'after sessionSecret was changed, and the old one put into previousSecrets\n';
      must(cart.cart.length === 1, {
        after: cart,
        sent: `${changed}${cart.sent}`,
        likely:
          'The new secret logged everybody out. secret may be a list: all of its secrets open. Add config.previousSecrets to it.',
        look: SECRET,
      });
      const ben = stage.shopper('Ben', shop);
      const added = await ben.adds('teapot');
      must(ben.sessionId(sessionSecret), {
        after: added,
        sent: `${changed}${added.sent}`,
        got: `${added.got}\nsigned with the old secret`,
        likely:
          'The first secret of the list signs. With the old one in front nothing ever changes, and taking it out logs everybody out.',
        look: SECRET,
      });
      await mustRefuseForged(stage, old, SECRET);
      const anew = ann.sessionId(sessionSecret) ? ' Her own was signed anew with that page.' : '';
      return `Ann’s old cookie opened her cart, and new cookies are signed with the new secret.${anew}`;
    });

    step('10.4', 'a session over budget is caught before it is stored', async (stage) => {
      const ann = stage.shopper('Ann');
      const added = await ann.adds('mug');
      needs('10.2', ann.sessionId(), {
        after: added,
        likely: 'There is no session cookie, so each note begins a session of its own: step 10.2 says why.',
        look: FLAGS,
      });
      await ann.posts('/cart/note', { note: '' });
      const room = BUDGET - 60 - bytes(await stage.mongo.sessionOf(ann));
      const kept = await ann.asks('/cart/note', { note: 'x'.repeat(room) });
      must(kept.status === 303, {
        after: withoutNote(kept),
        likely: `This session has less than the ${BUDGET} bytes of the budget, and was refused. Measure Buffer.byteLength(JSON.stringify(session)).`,
        look: BUDGETS,
      });
      await ann.lands(kept);
      const within = { stage, shopper: ann, kept: room, budget: BUDGET, look: BUDGETS };
      for (const note of ['x'.repeat(20_000), '€'.repeat(1500)]) await mustRefuseNote(note, within);
      const { last, page } = await mustStayWithin(within, kept);
      return `Notes of 20,000 characters and of 4,500 bytes got ${last.status}, and the ${page.cart.length} products that fit beside a note are still there.`;
    });

    step('10.5', 'database away: an honest 503 soon, nothing lost, no restart', async (stage) => {
      const mustHaveGivenUp = await askedWithoutWord(stage, TIMEOUTS);
      const mustStillWait = await askedWithLongWait(stage, TIMEOUTS);
      const shop = stage.otherShop({ databaseTimeoutMs: limitNow(TIMEOUT) });
      const [ann, ben] = [stage.shopper('Ann', shop), stage.shopper('Ben', shop)];
      for (const each of [ann, ben]) {
        const added = await untilServed(() => each.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
        if (added.status !== 303 && added.status !== 503) throw await shop.refusal(added, 0);
        must(added.status === 303, { after: added, likely: LIKELY_ALWAYS_AWAY, look: TIMEOUTS });
        needs('10.2', each.sessionId(), {
          after: added,
          likely: 'There is no session cookie, so nobody has a cart that could be lost: step 10.2 says why.',
          look: FLAGS,
        });
      }
      for (const outage of ['refuse', 'hang'] as const) {
        await mustOutlive(stage, outage, { shop, ann, ben, look: { away: ERRORS, silent: TIMEOUTS } });
      }
      await mustGiveUp(stage, ann, TIMEOUTS);
      await mustNotLogIn(stage, shop, ERRORS);
      await mustHaveGivenUp();
      mustStillWait();
      return 'Down, then silent: each time three shoppers got a 503, and no yes for what was not stored. Back again, the same process had every mug.';
    });

    step('10.6', 'a database that is away when the shop opens is found when it comes', async (stage) => {
      const { tap } = stage.mongo;
      const shop = stage.otherShop({ databaseTimeoutMs: limitNow(TIMEOUT) });
      const ann = stage.shopper('Ann', shop);
      const add = () => ann.asks('/cart', { product: 'mug' });
      const early = await whileAway(tap, 'refuse', () => add().catch(silentIn('refuse', TIMEOUTS)));
      mustBeHonest(stage, 'refuse', early, ERRORS);
      await stayAway(tap, add);
      const added = await untilServed(add, RECOVERY_LIMIT);
      must(added.status === 303, {
        after: added,
        sent: `${added.sent}\n${RECOVERY_LIMIT / 1000} s after MongoDB had come`,
        likely:
          'The first connection failed, and the driver never makes a second one by itself: "Topology is closed", for good. Call store.client.connect() again until it succeeds: one more attempt is not enough. The constructor’s callback knows when it is needed.',
        look: AGAIN,
      });
      await mustAskForIndex(stage, added, AGAIN);
      return 'The shop opened without a database and said 503. When MongoDB came, the same process stored sessions, and had its TTL index made.';
    });

    step('10.7', 'nothing secret is in the logs', async (stage) => {
      const { tap } = stage.mongo;
      const ada = stage.shopper('Ada');
      await ada.posts('/login', demoLogins.ada);
      const note = 'Meet me at pier 39';
      await ada.posts('/cart/note', { note });
      await ada.asks('/cart/note', { note: `${note}. ${'x'.repeat(2 * BUDGET)}` });
      const value = ada.sessionCookie()?.value ?? '';
      // The first page takes the message along, the one after it changes nothing.
      await ada.asks('/');
      await mustOutliveRefusedTouch(stage, ada, [/\btouch\b/, ...ERRORS]);
      for (const [command, path, fields] of [
        ['find', '/cart', undefined],
        ['update', '/cart', { product: 'mug' }],
        ['delete', '/logout', {}],
      ] as const) {
        tap.fail(command, NO_RIGHTS);
        await ada.asks(path, fields);
        await tap.behave();
      }
      // Closed, so that all it has to say has arrived.
      const leak = leakIn(await stage.shop.close(), {
        'the session ID, which is the key to it': ada.sessionId() ?? '',
        'a signed cookie, which logs in whoever reads it': value.slice(value.lastIndexOf('.') + 1),
        'what the shopper wrote': note,
        'the secret that signs cookies': stage.config.sessionSecret,
        'a password': demoLogins.ada.password,
      });
      must(!leak, {
        sent: 'a login and a note, then one find, one update and one delete that MongoDB refused',
        got: `the shop printed ${leak?.what}:\n${leak?.line}`,
        likely:
          'Errors of this store quote the session ID, those of set() all that is in the session. Log that it failed, not the error; and pass on another one, since errorPage logs what it gets.',
        look: [/console\.\w+\(.*err/, /\.on\('error'/, ...ERRORS],
      });
      return 'The store failed at reading, writing and deleting. The log says so, and quotes no ID, no cookie and no session.';
    });
  },
  { opens: openSwitches },
);
