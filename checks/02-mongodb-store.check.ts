import {
  indexAsked,
  likelyEnded,
  likelyNoDocument,
  likelyNotConnected,
  mustBeQuiet,
  mustHaveConnected,
  mustNotQuote,
  STORE,
} from '#checks/support/mongodb-store.ts';
import { defineCheck, must } from '#grader/check/check.ts';

/** How long a shop may take to say that its database is away, in milliseconds, after the driver gave up. */
const COMPLAINT_LIMIT = 3000;

export default defineCheck((step) => {
  step('2.1', "createStore makes connect-mongodb-session's store, on shop.sessions", async (stage) => {
    await stage.shop.opened();
    const connected = { sent: 'createStore(config), and the connection it opens was watched' };

    const index = await indexAsked(stage);
    // A shop that does not show its front page either has another trouble than its store. This tells which.
    if (!index) await stage.shopper('Ann').visits('/');
    must(index, {
      ...connected,
      got:
        stage.mongo.tap.connections === 0
          ? 'no connection to config.mongodbUri'
          : 'a connection, but no TTL index',
      likely: await likelyNotConnected(stage),
      look: [/\buri\b/i, ...STORE],
    });
    const { db, collection, body } = index;
    must(db === 'shop', {
      ...connected,
      got: `a TTL index on ${db}.${collection}`,
      likely:
        db === 'test'
          ? 'The database name got lost: without one the driver takes "test". config.mongodbUri ends with /shop, use it as it is.'
          : /^shop\W/.test(db)
            ? 'Something was put behind config.mongodbUri, which ends with /shop already. Use it as it is.'
            : 'The store was told another database. config.mongodbUri names the right one: leave databaseName out.',
      look: [/databaseName/, /\buri\b/i, ...STORE],
    });
    must(collection === 'sessions', {
      ...connected,
      got: `a TTL index on ${db}.${collection}`,
      likely: `The sessions would go to a collection called "${collection}". The notes, and Compass in lesson 6, look for "sessions".`,
      look: [/collection/, ...STORE],
    });
    const [{ key, expireAfterSeconds }] = body.indexes as [{ key: object; expireAfterSeconds?: number }];
    must(JSON.stringify(key) === '{"expires":1}' && Number(expireAfterSeconds) === 0, {
      ...connected,
      got: `an index ${JSON.stringify(key)}, expireAfterSeconds ${expireAfterSeconds ?? 'not set'}`,
      likely:
        'MongoDB should remove a session at the moment in its `expires`. Leave expiresKey and expiresAfterSeconds as they are.',
      look: [/expiresKey|expiresAfterSeconds/, ...STORE],
    });
    return 'The store connected by itself and asked for a TTL index on `expires`: MongoDB will clear out old sessions.';
  });

  step('2.2', 'a session lands in shop.sessions as _id, session and expires', async (stage) => {
    await mustHaveConnected(stage);
    const ann = stage.shopper('Ann');
    const put = await ann.posts('/store');

    const id = put.headers.location?.split('/').at(-1) ?? '';
    const document = await stage.mongo.session(id);
    const elsewhere = (await stage.mongo.collections()).filter((name) => name !== 'shop.sessions');
    must(document, {
      after: put,
      got: `store.set(id, …) succeeded, but shop.sessions has no document with _id ${id}`,
      likely: likelyNoDocument((await stage.mongo.sessions()).length > 0, elsewhere),
      look: [/idField|collection/, ...STORE],
    });
    const fields = Object.keys(document).sort().join(', ');
    must(fields === '_id, expires, session', {
      after: put,
      got: `a document with the fields ${fields}`,
      likely:
        'The field names were changed. The defaults are what Compass, the TTL index and lesson 6 expect.',
      look: [/idField|expiresKey/, ...STORE],
    });
    must(document.expires instanceof Date, {
      after: put,
      got: `expires is a ${typeof document.expires}`,
      likely: 'The TTL index only looks at dates: this session would stay for ever.',
      look: [/expires/, ...STORE],
    });
    must(typeof document.session === 'object' && document.session.note !== undefined, {
      after: put,
      got: `session is a ${typeof document.session}: ${JSON.stringify(document.session).slice(0, 60)}`,
      likely:
        'Another store, such as connect-mongo, writes this. connect-mongodb-session keeps an object that can be queried.',
      look: STORE,
    });
    return `One document, found by the driver and not by the shop: _id ${id.slice(0, 8)}…, session, expires ${document.expires.toISOString()}.`;
  });

  step('2.3', 'get reads the session back, destroy removes its document', async (stage) => {
    await mustHaveConnected(stage);
    const ann = stage.shopper('Ann');
    const put = await ann.posts('/store');
    const page = put.headers.location ?? '';
    const id = page.split('/').at(-1) ?? '';
    const read = await ann.visits(page);
    const stored = await stage.mongo.session(id);
    const removed = await ann.posts(`${page}/destroy`);
    const left = await stage.mongo.session(id);
    const again = await ann.visits(page);

    must(stored, {
      after: put,
      got: `shop.sessions has no document with _id ${id}`,
      likely: 'What was put in did not arrive in MongoDB: step 2.2 comes first.',
      look: STORE,
    });
    must(read.body.includes('data-found="yes"'), {
      after: read,
      got: 'store.get(id) found no session, although the document is there',
      likely:
        'The store reads from another place than it writes to, or takes the session for expired. Look at its options.',
      look: [/expires/, ...STORE],
    });
    must(left === null, {
      after: removed,
      got: `the document ${id} is still in shop.sessions`,
      likely:
        'destroy must delete the document. A store that only marks it keeps a session alive that a logout has ended.',
      look: [/destroy/, ...STORE],
    });
    must(again.body.includes('data-found="no"'), {
      after: again,
      got: 'store.get(id) still finds the session',
      likely:
        'The store answers from a copy of its own. Then one process knows of a logout, and the others do not.',
      look: [/get/, ...STORE],
    });
    return 'set, get and destroy: these three are all that express-session needs of a store.';
  });

  step(
    '2.4',
    'a database that is away at the start is said, and does not take the shop down',
    async (stage) => {
      await mustHaveConnected(stage);
      await mustBeQuiet(stage);
      // The driver looks for a server for 30 seconds. Here it is told to give up sooner.
      const uri = `${await stage.databaseAway()}?serverSelectionTimeoutMS=400`;
      const shop = stage.otherShop({ mongodbUri: uri });
      await shop.opened();
      const quiet = shop.printed;
      const visitor = stage.shopper('Ann', shop);
      const sent = 'createStore(config), with a uri where no database answers';

      // The bench waits for the store, so when it has answered the driver has given up, for the store as well.
      await visitor.isAnswered('/store/nobody');
      const survived = !shop.hasEnded && (await visitor.isAnswered('/'));
      must(survived, {
        sent,
        got: [`the shop's process ${await shop.howItEnded()}`, shop.line(/^\s*(?:Uncaught )?\w*Error: /)]
          .filter(Boolean)
          .join('\n'),
        likely: likelyEnded(shop),
        look: [/process\.(?:exit|abort|kill)/, /new \w*Store\w*\(/i, /on\('error'/, ...STORE],
      });
      const said = await shop.says(
        /err|fail|refus|unavail|unreach|away|down|lost|cannot|can't|could not|no (?:connection|database)|not (?:connected|reach|there)/i,
        {
          after: quiet,
          withinMs: COMPLAINT_LIMIT,
        },
      );
      must(said, {
        sent,
        got: 'the shop opened and answered, and not a word of the missing database in its output',
        likely:
          "An error listener, or the constructor's callback, hears of it and does nothing. Whoever runs the shop must read it: console.error.",
        look: [/on\('error'/, ...STORE],
      });
      await mustNotQuote(stage);
      return 'The database was away, the shop said so and went on serving pages. It did not exit.';
    },
  );
});
