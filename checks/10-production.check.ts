import { randomBytes } from 'node:crypto';
import { bytes, mustRefuseNote, sessionOf, withoutNote } from '#checks/support/budget.ts';
import { mustRefuseForged } from '#checks/support/forged-cookie.ts';
import { likelyBelief, likelyNoCookie, shopBehindProxy } from '#checks/support/in-production.ts';
import { leakIn } from '#checks/support/leak.ts';
import { askedWithoutWord, mustBeHonest, silentIn, untilServed, whileAway } from '#checks/support/outage.ts';
import { mustOutliveRefusedTouch } from '#checks/support/refused-touch.ts';
import { openSwitches } from '#checks/support/switches.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import { THROUGH_TLS_PROXY } from '#grader/check/shopper.ts';
import { catalogue } from '#shop/catalogue.ts';
import { demoLogins } from '#shop/users.ts';

const BUDGET = 4096;
/** How long the shops of an outage may wait for their database, in milliseconds: short, to be quick. */
const TIMEOUT = 500;
/** How long they may take to find it again. Only a store that is dead takes so long. */
const RECOVERY_LIMIT = 10_000;
/** What a database answers whose user has lost a right. No driver tries such a thing again. */
const NO_RIGHTS = { code: 13, message: 'not authorized on shop' };

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
        likely: secure
          ? 'HttpOnly keeps the cookie from scripts in the page, SameSite=Lax from forms of other sites. Both are options of the cookie.'
          : 'Without Secure a browser sends this cookie by plain http too, where everybody on the way can read it. Behind the proxy it is secure: true.',
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
      await ann.posts('/login', demoLogins.ada);
      const logout = await ann.posts('/logout');
      must(!ann.sessionCookie(), {
        after: logout,
        got: `${logout.got}\nand the browser still has the cookie ${name}`,
        likely:
          'A cookie goes when it is cleared under its own name, and one with __Host- only by a Set-Cookie that is Secure itself. logOut() takes name and flags: give it those that session() has.',
        look: [/logOut\(/, ...NAME],
      });
      return `${name} came with Secure, HttpOnly and SameSite=${sameSite}, and went at logout.`;
    });

    step('10.2', 'the proxy is believed, a stranger is not', async (stage) => {
      const ben = stage.shopper('Ben');
      const added = await ben.adds('mug');
      must(ben.sessionCookie(), {
        after: added,
        decided: true,
        likely:
          'This shop has no proxy: config.behindProxy says so. By plain http express-session sends no Secure cookie, and a browser takes no __Host- cookie that is not Secure, so nobody has a session. Let both depend on behindProxy.',
        look: [...FLAGS, ...NAME],
      });
      await ben.posts('/login', demoLogins.ada);
      const logout = await ben.posts('/logout');
      must(!ben.sessionCookie(), {
        after: logout,
        got: `${logout.got}\nand the browser still has the cookie`,
        likely:
          'By plain http the cookie has another name, or other flags, than behind the proxy, and logOut() clears the one that it knows. Give it those that session() has.',
        look: [/logOut\(/, ...NAME],
      });
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
      await old.adds('mug');
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
      await ann.adds('mug');
      const inMongo = () => sessionOf(stage, ann);
      await ann.posts('/cart/note', { note: '' });
      const room = BUDGET - 60 - bytes(await inMongo());
      const kept = await ann.asks('/cart/note', { note: 'x'.repeat(room) });
      must(kept.status === 303, {
        after: withoutNote(kept),
        likely: `This session has less than the ${BUDGET} bytes of the budget, and was refused. Measure Buffer.byteLength(JSON.stringify(session)).`,
        look: BUDGETS,
      });
      const within = { stage, shopper: ann, kept: room, budget: BUDGET, look: BUDGETS };
      for (const note of ['x'.repeat(20_000), '€'.repeat(1500)]) await mustRefuseNote(note, within);
      let last = kept;
      for (const { id } of catalogue) if (last.status < 400) last = await ann.asks('/cart', { product: id });
      const { cookie, ...content } = await inMongo();
      must(last.status >= 400 && bytes(content) <= BUDGET, {
        after: last,
        sent: `a note that fits, then all products one after the other\n${last.sent}`,
        got: `${last.got}\nthe session in MongoDB has ${bytes({ cookie, ...content })} bytes`,
        likely:
          'The note is limited, and the session is not: there are other ways into it. All of them lead through store.set. Measure there.',
        look: BUDGETS,
      });
      const page = await ann.opensCart();
      return `Notes of 20,000 characters and of 4,500 bytes got ${last.status}, and the ${page.cart.length} products that fit beside a note are still there.`;
    });

    step('10.5', 'database away: an honest 503 soon, nothing lost, no restart', async (stage) => {
      const untold = askedWithoutWord(stage, TIMEOUTS);
      const shop = stage.otherShop({ databaseTimeoutMs: TIMEOUT });
      const [ann, ben] = [stage.shopper('Ann', shop), stage.shopper('Ben', shop)];
      for (const each of [ann, ben]) {
        const added = await untilServed(() => each.asks('/cart', { product: 'mug' }), RECOVERY_LIMIT);
        must(added.status === 303, { after: added, likely: LIKELY_ALWAYS_AWAY, look: TIMEOUTS });
      }
      for (const outage of ['refuse', 'hang'] as const) {
        const answers = await whileAway(stage.mongo.tap, outage, () => {
          const asked = [
            ann.asks('/cart'),
            ben.asks('/cart', { product: 'teapot' }),
            stage.shopper('Dot', shop).asks('/cart', { product: 'teapot' }),
          ];
          return Promise.all(asked.map((answer) => answer.catch(silentIn(outage, TIMEOUTS))));
        });
        for (const answer of answers) mustBeHonest(stage, outage, answer, ERRORS);
        for (const each of [ann, ben]) {
          const cart = await untilServed(() => each.asks('/cart'), RECOVERY_LIMIT);
          must(
            cart.cart.some(({ product }) => product === 'mug'),
            {
              after: cart,
              sent: `${cart.sent}\nafter MongoDB had come back`,
              likely:
                'The mug was acknowledged before MongoDB went away, and is lost, or the shop did not find MongoDB again. A store that has been connected once finds it by itself: leave that to the driver.',
              look: ERRORS,
            },
          );
        }
      }
      const eve = stage.shopper('Eve', shop);
      stage.mongo.tap.fail('update', NO_RIGHTS);
      const refused = await eve.asks('/login', demoLogins.ada);
      mustBeHonest(stage, undefined, refused, ERRORS);
      const account = await eve.asks('/account');
      must(account.account !== 'u-ada', {
        after: account,
        sent: `POST /login, and MongoDB refused its first update\n${account.sent}`,
        likely:
          'The shop said 503, and Eve is logged in after all: express-session stores what is in req.session when the response ends, whatever its status. Pass the error on to errorPage, which lets go of req.session.',
        look: ERRORS,
      });
      const [byItself] = await untold;
      if (byItself.status === 'rejected') throw byItself.reason;
      mustBeHonest(stage, 'refuse', byItself.value, TIMEOUTS);
      return 'Down, then silent: each time three shoppers got a 503, and no yes for what was not stored. Back again, the same process had every mug.';
    });

    step('10.6', 'a database that is away when the shop opens is found when it comes', async (stage) => {
      const { tap } = stage.mongo;
      const shop = stage.otherShop({ databaseTimeoutMs: TIMEOUT });
      const ann = stage.shopper('Ann', shop);
      const add = () => ann.asks('/cart', { product: 'mug' });
      const early = await whileAway(tap, 'refuse', () => add().catch(silentIn('refuse', TIMEOUTS)));
      mustBeHonest(stage, 'refuse', early, ERRORS);
      const added = await untilServed(add, RECOVERY_LIMIT);
      must(added.status === 303, {
        after: added,
        sent: `${added.sent}\n${RECOVERY_LIMIT / 1000} s after MongoDB had come`,
        likely:
          'The first connection failed, and the driver never makes a second one by itself: "Topology is closed", for good. Call store.client.connect() again until it succeeds. The constructor’s callback knows when it is needed.',
        look: AGAIN,
      });
      const indexed = await tap.seen('createIndexes', RECOVERY_LIMIT).catch(() => undefined);
      const [{ key, expireAfterSeconds: after } = {}] = (indexed?.body.indexes ?? []) as TtlIndex[];
      const isTtl = JSON.stringify(key) === '{"expires":1}' && Number(after) === 0;
      must(isTtl && indexed?.collection === 'sessions', {
        after: added,
        got: `${added.got}\nand MongoDB was ${indexed ? `asked for an index ${JSON.stringify(key)} on ${indexed.collection}, expireAfterSeconds ${after ?? 'not set'}` : 'not asked for the TTL index'}`,
        likely:
          'The store asks for its TTL index once, after its first connection, and that one failed. On a new database nobody clears out sessions then: ask for the index when the connection is there.',
        look: AGAIN,
      });
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

/** An index as a createIndexes asks for it. */
interface TtlIndex {
  readonly key?: object;
  readonly expireAfterSeconds?: number;
}

const LIKELY_ALWAYS_AWAY =
  'MongoDB is there, and the shop says that it is away. Are the timeouts in milliseconds? And is every 503 one for an error?';
