import { right, wrong } from '#grader/check/recorded.ts';

const NAME = "  const cookieName = behindProxy ? '__Host-shop' : 'shop';\n";
const FLAGS =
  "  const cookieFlags: CookieOptions = { httpOnly: true, sameSite: 'lax', secure: behindProxy };\n";
const TRUST = "  app.set('trust proxy', behindProxy ? 1 : false);\n";
const SECRETS = 'secret: [config.sessionSecret, ...previousSecrets],';
const NOTE = "    req.session.packingNote = String(req.body?.note ?? '');\n";
const ERROR_PAGE = '  app.use(errorPage);\n';
const TIMEOUTS = `        serverSelectionTimeoutMS: limit,
        connectTimeoutMS: limit,
        socketTimeoutMS: limit,
`;
const LIMIT = '  const { databaseTimeoutMs: limit = 2000 } = config;\n';
const LISTENER = "  store.on('error', () => console.error('The session store failed.'));\n";
const CONNECT_AGAIN = `      // A store whose first connection failed stays dead, until its client connects again.
      void store.connectAgain();
`;
const ASK_FOR_INDEX =
  "        await client.db().collection('sessions').createIndex({ expires: 1 }, { expireAfterSeconds: 0 });\n";
const GET = '    super.get(id, discreet(callback));\n';
const SET = `    const size = Buffer.byteLength(JSON.stringify(data));
    if (size <= SESSION_BUDGET) super.set(id, data, discreet(callback));
    else callback?.(httpError(413, \`A session of \${size} bytes is over the budget.\`));
`;
const SIZE = '    const size = Buffer.byteLength(JSON.stringify(data));\n';
const SET_ANY = '    super.set(id, data, discreet(callback));\n';
const OVER_BUDGET =
  '    else callback?.(httpError(413, `A session of $' + '{size} bytes is over the budget.`));\n';
const DISCREET =
  "  return (error, data) => callback(error && httpError(503, 'The session store does not answer.'), data);\n";
const SETS = 'super.set(id, data, discreet(callback))';

export default [
  wrong(
    'no socketTimeoutMS',
    { 'store.ts': [['        socketTimeoutMS: limit,\n', '']] },
    '10.5',
    'socketTimeoutMS, one of the connectionOptions, ends the wait',
  ),
  wrong(
    'two seconds, whatever config says',
    { 'store.ts': [[LIMIT, '  const limit = 2000;\n']] },
    '10.5',
    'a number of its own stands where config.databaseTimeoutMs belongs',
  ),
  wrong(
    'it tries to connect once more, and then no more',
    {
      'store.ts': [
        [
          CONNECT_AGAIN,
          '      setTimeout(() => void store.client.connect().catch(() => {}), 500).unref();\n',
        ],
      ],
    },
    '10.6',
    'one more attempt is not enough',
  ),
  wrong(
    'no flags at all',
    { 'app.ts': [[FLAGS, '  const cookieFlags: CookieOptions = {};\n']] },
    '10.1',
    'Without Secure',
  ),
  wrong(
    'secure: true without trust proxy',
    {
      'app.ts': [
        [TRUST, ''],
        ['secure: behindProxy };', 'secure: true };'],
      ],
    },
    '10.1',
    'its cookie never left',
  ),
  wrong(
    'secure: true always',
    { 'app.ts': [['secure: behindProxy };', 'secure: true };']] },
    '10.2',
    'express-session sends no Secure cookie',
  ),
  wrong(
    'SameSite is forgotten',
    { 'app.ts': [["sameSite: 'lax', ", '']] },
    '10.1',
    'SameSite=Lax keeps forms of other sites',
  ),
  wrong(
    'the name of every tutorial',
    { 'app.ts': [[NAME, "  const cookieName = 'connect.sid';\n"]] },
    '10.1',
    'connect.sid is the name in every tutorial',
  ),
  wrong(
    'a __Host- name by plain http, too',
    { 'app.ts': [[NAME, "  const cookieName = '__Host-shop';\n"]] },
    '10.2',
    'no __Host- cookie that is not Secure',
  ),
  wrong(
    'a __Host- cookie with a Domain',
    { 'app.ts': [['secure: behindProxy };', "secure: behindProxy, domain: 'localhost' };"]] },
    '10.1',
    'in front of a name needs Path=/ and no Domain',
  ),
  wrong(
    'the cookie is cleared without its flags',
    { 'app.ts': [['logOut(cookieName, cookieFlags)', 'logOut(cookieName, {})']] },
    '10.1',
    'only by a Set-Cookie that is Secure itself',
  ),
  wrong(
    'trust proxy: true',
    { 'app.ts': [['behindProxy ? 1 : false', 'behindProxy']] },
    '10.2',
    'believes the first one, whoever wrote it',
  ),
  wrong(
    'the proxy is trusted where there is none',
    { 'app.ts': [['behindProxy ? 1 : false', '1']] },
    '10.2',
    'No proxy stands in front of this shop',
  ),
  wrong(
    'only express-session believes the proxy',
    {
      'app.ts': [
        [TRUST, ''],
        [`      ${SECRETS}`, `      proxy: behindProxy,\n      ${SECRETS}`],
      ],
    },
    '10.2',
    'Express does not believe the proxy',
  ),
  wrong(
    'the old secret is forgotten',
    { 'app.ts': [[SECRETS, 'secret: config.sessionSecret,']] },
    '10.3',
    'logged everybody out',
  ),
  wrong(
    'the old secret goes on signing',
    { 'app.ts': [[SECRETS, 'secret: [...previousSecrets, config.sessionSecret],']] },
    '10.3',
    'The first secret of the list signs',
  ),
  wrong('no budget', { 'store.ts': [[SET, SET_ANY]] }, '10.4', 'nobody measures it, or not the whole of it'),
  wrong(
    'the cart is measured, and not the session',
    { 'store.ts': [['JSON.stringify(data)', 'JSON.stringify(data.cart ?? [])']] },
    '10.4',
    'nobody measures it, or not the whole of it',
  ),
  wrong(
    'characters are counted, not bytes',
    { 'store.ts': [[SIZE, '    const size = JSON.stringify(data).length;\n']] },
    '10.4',
    '1,500 characters and 4,500 bytes',
  ),
  wrong(
    'the note is cut',
    { 'store.ts': [[SET, SET_ANY]], 'app.ts': [[NOTE, NOTE.replace(');', ').slice(0, 3800);')]] },
    '10.4',
    'The note was cut',
  ),
  wrong(
    'only the note is limited',
    {
      'store.ts': [[SET, SET_ANY]],
      'app.ts': [
        [
          NOTE,
          `    if (Buffer.byteLength(String(req.body?.note ?? '')) > 4000) {
      res.sendStatus(413);
      return;
    }
${NOTE}`,
        ],
      ],
    },
    '10.4',
    'The note is limited, and the session is not',
  ),
  wrong(
    'measured after the change, and the response ends with it',
    {
      'store.ts': [[SET, SET_ANY]],
      'app.ts': [
        [
          NOTE,
          `${NOTE}    if (Buffer.byteLength(JSON.stringify(req.session)) > 4096) {
      res.sendStatus(413);
      return;
    }
`,
        ],
      ],
    },
    '10.4',
    'it is stored all the same',
  ),
  wrong(
    'a session over budget breaks the shop',
    { 'store.ts': [[OVER_BUDGET, "    else callback?.(new Error('too large'));\n"]] },
    '10.4',
    'it is the note that is too long',
  ),
  wrong(
    'the 30 seconds of the driver',
    { 'store.ts': [[TIMEOUTS, '']] },
    '10.5',
    'looks for a server for 30 seconds',
  ),
  wrong(
    'a silent database is waited for',
    { 'store.ts': [[TIMEOUTS, '        serverSelectionTimeoutMS: limit,\n']] },
    '10.5',
    'socketTimeoutMS ends a silence',
  ),
  wrong(
    'errors of the store go on as they are',
    { 'store.ts': [[DISCREET, '  return (error, data) => callback(error, data);\n']] },
    '10.5',
    '500 says that the shop is broken',
  ),
  wrong(
    'only errors of reading become a 503',
    {
      'store.ts': [[SETS, 'super.set(id, data, callback)']],
    },
    '10.5',
    'not all errors of the store become one',
  ),
  wrong(
    'errors of writing are swallowed',
    {
      'store.ts': [[SETS, 'super.set(id, data, () => callback?.())']],
    },
    '10.5',
    'The shop said yes',
  ),
  wrong(
    'errors of reading count as no session',
    {
      'store.ts': [[GET, '    super.get(id, (_error, data) => callback(null, data));\n']],
    },
    '10.5',
    'taken for "there is no such session"',
  ),
  wrong(
    'a memory covers for the database',
    {
      'store.ts': [
        [
          GET,
          '    super.get(id, (error, data) => (error ? this.spare.get(id, callback) : callback(null, data)));\n',
        ],
        [SETS, 'super.set(id, data, (error) => (error ? this.spare.set(id, data, callback) : callback?.()))'],
        ['  isClosed = false;\n', '  isClosed = false;\n  spare = new session.MemoryStore();\n'],
      ],
    },
    '10.5',
    'and was shown none',
  ),
  wrong(
    'said no, and stored when the response ends',
    {
      'app.ts': [
        [
          ERROR_PAGE,
          `  const away: ErrorRequestHandler = (err, _req, res, next) => {
    if (err.status === 503) res.sendStatus(503);
    else next(err);
  };
  app.use(away);
${ERROR_PAGE}`,
        ],
        ['type CookieOptions, type Express,', 'type CookieOptions, type ErrorRequestHandler, type Express,'],
      ],
    },
    '10.5',
    'logged in after all',
  ),
  wrong(
    'a store that is dead stays dead',
    { 'store.ts': [[CONNECT_AGAIN, '']] },
    '10.6',
    'Topology is closed',
  ),
  wrong(
    'connected again, without its index',
    { 'store.ts': [[ASK_FOR_INDEX, '']] },
    '10.6',
    'ask for the index when the connection is there',
  ),
  wrong(
    'the log gets the error',
    { 'store.ts': [[LISTENER, "  store.on('error', (error) => console.error(error));\n"]] },
    '10.7',
    'the session ID, those of set() all',
  ),
  wrong(
    'a 503 that keeps the words of the store',
    {
      'store.ts': [
        [
          DISCREET,
          '  return (error, data) => callback(error && Object.assign(error as Error, { status: 503 }), data);\n',
        ],
      ],
    },
    '10.7',
    'errorPage logs what it gets',
  ),
  wrong(
    'an old secret stands in the code, for when config has none',
    { 'app.ts': [['previousSecrets = []', "previousSecrets = ['the secret of last year']"]] },
    '10.3',
    'A cookie with a guessed signature opened the session',
  ),
  wrong(
    'logout clears the cookie that the shop behind the proxy has',
    {
      'app.ts': [
        ['logOut(cookieName, cookieFlags)', "logOut('__Host-shop', { ...cookieFlags, secure: true })"],
      ],
    },
    '10.2',
    'By plain http the cookie has another name',
  ),
  wrong(
    'without a word in config, the wait is the driver’s own',
    { 'store.ts': [['databaseTimeoutMs: limit = 2000', 'databaseTimeoutMs: limit = 30_000']] },
    '10.5',
    'what is missing is the default',
  ),
  wrong(
    'the index that is asked for again is not a TTL index',
    { 'store.ts': [['{ expires: 1 }, { expireAfterSeconds: 0 }', '{ expires: 1 }']] },
    '10.6',
    "not the store's own index",
  ),
  wrong(
    'the index that is asked for again waits 14 days more',
    { 'store.ts': [['{ expireAfterSeconds: 0 }', '{ expireAfterSeconds: 14 * 24 * 3600 }']] },
    '10.6',
    "not the store's own index",
  ),
  wrong(
    'the default of the wait is in seconds',
    { 'store.ts': [['limit = 2000 }', 'limit = 2 }']] },
    '10.5',
    'did not wait for a slow answer',
  ),
  wrong(
    'the process ends when its first connection fails',
    { 'store.ts': [[CONNECT_AGAIN, '      process.exit(1);\n']] },
    '10.6',
    'ended with exit code 1',
  ),
  wrong(
    'SameSite=None, as an answer on the web says',
    { 'app.ts': [["sameSite: 'lax'", "sameSite: 'none'"]] },
    '10.1',
    'SameSite=none lets forms of other sites',
  ),
  wrong(
    'scripts may read the cookie',
    { 'app.ts': [['httpOnly: true', 'httpOnly: false']] },
    '10.1',
    'HttpOnly keeps the cookie from scripts',
  ),
  wrong(
    'the index that is asked for again is on another collection',
    { 'store.ts': [["collection('sessions').createIndex", "collection('session').createIndex"]] },
    '10.6',
    "not the store's own index",
  ),
  wrong(
    'a touch that fails is nobody’s',
    { 'store.ts': [['.then(() => callback(), discreet(callback));', '.then(() => callback());']] },
    '10.7',
    'nobody looked at that',
  ),
  wrong(
    'a cookie for another host',
    { 'app.ts': [['secure: behindProxy };', "secure: behindProxy, domain: 'shop.example' };"]] },
    '10.1',
    'Domain=shop.example is not this host',
  ),
  wrong(
    'a cookie for another part of the shop',
    { 'app.ts': [['secure: behindProxy };', "secure: behindProxy, path: '/shop' };"]] },
    '10.1',
    "its cookie.path is '/shop'",
  ),
  wrong(
    'an end that cannot be computed',
    { 'app.ts': [['loggedInAt + ABSOLUTE_LIMIT - Date.now()', 'Number(undefined)']] },
    '10.1',
    'cookie.maxAge is NaN',
  ),
  wrong(
    'forms are not read',
    { 'app.ts': [['  app.use(express.urlencoded());\n', '']] },
    '10.1',
    'nothing has read the form',
  ),
  wrong(
    'errors of the store are passed on as they are, and 503 is the name of a constant',
    {
      'store.ts': [
        [
          "callback(error && httpError(503, 'The session store does not answer.'), data)",
          'callback(error, data)',
        ],
        [
          "import { httpError } from '#shop/http-error.ts';",
          "import { httpError } from '#shop/http-error.ts';\n\nexport const AWAY = 503;",
        ],
      ],
    },
    '10.5',
    '500 says that the shop is broken',
  ),
  wrong(
    'the note leads to a page that is not there',
    {
      'app.ts': [
        [
          "    req.session.flash = 'Your note is with your cart.';\n    await save(req);\n    res.redirect(303, '/cart');",
          "    req.session.flash = 'Your note is with your cart.';\n    await save(req);\n    res.redirect(303, '/note');",
        ],
      ],
    },
    '10.4',
    'redirects to /note, and the shop has no page there',
  ),
  wrong(
    'the save of the note is left to the end of the answer',
    {
      'app.ts': [
        [
          "    req.session.flash = 'Your note is with your cart.';\n    await save(req);\n",
          "    req.session.flash = 'Your note is with your cart.';\n",
        ],
      ],
    },
    '10.4',
    'the session was refused when the answer was on its way',
  ),
  right('one name without a prefix, strict, the address of the proxy', {
    'app.ts': [
      [NAME, "  const cookieName = 'shop.id';\n"],
      ["sameSite: 'lax'", "sameSite: 'strict'"],
      ['behindProxy ? 1 : false', "behindProxy ? 'loopback' : false"],
    ],
  }),
  right('secure: auto, where the proxy is trusted alone', {
    'app.ts': [
      ['const cookieFlags: CookieOptions = {', 'const cookieFlags = {'],
      ["sameSite: 'lax', secure: behindProxy };", "sameSite: 'lax', secure: behindProxy } as const;"],
      [
        'cookie: { ...cookieFlags, maxAge: IDLE_LIMIT },',
        "cookie: { ...cookieFlags, secure: 'auto', maxAge: IDLE_LIMIT },",
      ],
    ],
  }),
  right('methods of the one store in place of a class', {
    'store.ts': `import { setTimeout as delay } from 'node:timers/promises';
import connectMongoDBSession from 'connect-mongodb-session';
import session, { type SessionData } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';
import { httpError } from '#shop/http-error.ts';

const MongoDBStore = connectMongoDBSession(session);

export function createStore({ mongodbUri: uri, databaseTimeoutMs: ms = 2000 }: ShopConfig) {
  const connectionOptions = { serverSelectionTimeoutMS: ms, connectTimeoutMS: ms, socketTimeoutMS: ms, retryReads: false };
  const store = new MongoDBStore({ uri, collection: 'sessions', connectionOptions }, async (error) => {
    if (!error) return;
    while (!(await isReady())) await delay(ms);
  });
  store.on('error', () => console.error('sessions: database away'));
  const isReady = () =>
    store.client
      .connect()
      .then(() => sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 }))
      .catch(() => false);

  const sessions = store.client.db().collection<{ _id: string }>('sessions');
  store.touch = (id, { cookie: { expires } }, callback: (error?: unknown) => void = () => {}) => {
    const end = { expires, 'session.cookie.expires': expires };
    sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), discreet(callback));
  };
  const { get, set, destroy } = store;
  store.get = (id, callback) => get.call(store, id, discreet(callback));
  store.destroy = (id, callback) => destroy.call(store, id, discreet(callback));
  store.set = (id, data, callback) => {
    if (Buffer.byteLength(JSON.stringify(data)) <= 4096) set.call(store, id, data, discreet(callback));
    else callback?.(httpError(413, 'too large'));
  };
  return store;
}

function discreet(callback: (error?: unknown, data?: SessionData | null) => void = () => {}) {
  return (error?: unknown, data?: SessionData | null) => callback(error && httpError(503, 'no database'), data);
}
`,
  }),
  right('the error is told apart where it passes first: in the listener', {
    'store.ts': [
      [
        LISTENER,
        `  store.on('error', (error: Error) => {
    Object.assign(error, { status: 503, message: 'The session store failed.', stack: 'The session store failed.' });
  });
`,
      ],
      [DISCREET, '  return (error, data) => callback(error, data);\n'],
      [
        '.then(() => callback(), discreet(callback));',
        ".then(() => callback(), () => callback(httpError(503, 'touch')));",
      ],
    ],
  }),
  right('connected again by the request that needs it', {
    'store.ts': [
      [CONNECT_AGAIN, ''],
      [
        GET,
        `    void this.awake().then(() => super.get(id, discreet(callback)));
  }

  #ready: Promise<unknown> | undefined;
  async awake(): Promise<void> {
    this.#ready ??= this.client
      .connect()
      .then((client) => client.db().collection('sessions').createIndex({ expires: 1 }, { expireAfterSeconds: 0 }))
      .catch(() => {
        this.#ready = undefined;
      });
    await this.#ready;
`,
      ],
      [SETS, 'void this.awake().then(() => super.set(id, data, discreet(callback)))'],
    ],
  }),
  wrong(
    'get() hands on no session',
    {
      'store.ts': [
        [
          "callback(error && httpError(503, 'The session store does not answer.'), data)",
          "callback(error && httpError(503, 'The session store does not answer.'))",
        ],
      ],
    },
    '10.3',
    'get() hands the session on as the second argument',
  ),
];
