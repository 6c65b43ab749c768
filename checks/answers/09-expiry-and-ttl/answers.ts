import { cookieMistakes } from '#checks/support/cookie-mistakes.ts';
import { right, rightOnMongod, wrong } from '#grader/check/recorded.ts';

const ROLLING = '      rolling: true,\n';
const COOKIE = '      cookie: { maxAge: IDLE_LIMIT },\n';
const URI = '      uri: config.mongodbUri,\n';
const SESSION_HEADER = '  app.use(shopHeader);\n';
const RESAVE = 'resave: false';
const TOUCH = `  override touch(id: string, { cookie }: SessionData, callback: (error?: unknown) => void = () => {}): void {
    const { expires } = cookie;
    // A cookie without maxAge has no end that could be moved. MongoDB would store null, which is an end that never comes.
    if (!expires) {
      callback();
      return;
    }
    // Only the end is written: what another request stored meanwhile stays.
    const end = { expires, 'session.cookie.expires': expires };
    const sessions = this.client.db().collection<{ _id: string }>('sessions');
    sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), callback);
  }
`;
const RETURN = '  return store;\n';
const LIMIT = `  app.use((req, _res, next) => {
    // Cookie and document both take their end from here, so neither goes beyond the absolute limit.
    const { loggedInAt = Date.now() } = req.session;
    req.session.cookie.maxAge = Math.min(IDLE_LIMIT, loggedInAt + ABSOLUTE_LIMIT - Date.now());
    next();
  });
`;
/** The absolute limit of another shape: it ends the session itself. */
const DESTROYS = `  app.use((req, res, next) => {
    const { loggedInAt } = req.session;
    if (!loggedInAt || Date.now() < loggedInAt + ABSOLUTE_LIMIT) {
      next();
      return;
    }
    req.session.destroy((error) => {
      if (error) next(error);
      else res.clearCookie('connect.sid').redirect(303, '/login');
    });
  });
`;
/** The absolute limit by another sum, and what is done with it. */
const limitBy = (left: string, then = 'if (left < IDLE_LIMIT) req.session.cookie.maxAge = left;') =>
  `  app.use((req, _res, next) => {
    const { loggedInAt } = req.session;
    if (!loggedInAt) return next();
    const left = ${left};
    ${then}
    next();
  });
`;
/** A middleware that writes something into sessions on their way. */
const writes = (statement: string) => `  app.use((req, _res, next) => {
    ${statement}
    next();
  });
`;

export default [
  wrong(
    'touch moves the end of every document',
    { 'store.ts': [['updateOne({ _id: id }', 'updateMany({}']] },
    '9.5',
    "the end of Ben's document moved, and he was not here",
  ),
  wrong(
    'touch moves the end of logins alone',
    {
      'store.ts': [
        ['{ cookie }: SessionData', '{ cookie, isLoggedIn }: SessionData'],
        ['if (!expires)', 'if (!expires || !isLoggedIn)'],
      ],
    },
    '9.5',
    'she has a cart and has not logged in',
  ),
  wrong(
    'touch replaces the document',
    { 'store.ts': [['updateOne({ _id: id }, { $set: end })', 'replaceOne({ _id: id }, end)']] },
    '9.4',
    'The document has no session in it any more',
  ),
  wrong(
    'touch moves the end by 14 days',
    {
      'store.ts': [
        [
          'const { expires } = cookie;',
          'const expires = cookie.expires && new Date(Date.now() + 14 * 86_400_000);',
        ],
      ],
    },
    '9.4',
    'a page that looks at one wrote another end',
  ),
  wrong(
    'the longer of both limits',
    { 'app.ts': [['Math.min(IDLE_LIMIT', 'Math.max(IDLE_LIMIT']] },
    '9.1',
    'something sets another end on the way',
  ),
  wrong(
    'an absolute limit of 7 hours',
    { 'app.ts': [['ABSOLUTE_LIMIT = 8', 'ABSOLUTE_LIMIT = 7']] },
    '9.6',
    "put the document's end to 7 hours after the login",
  ),
  wrong(
    'an absolute limit of 8 hours and a half',
    { 'app.ts': [['ABSOLUTE_LIMIT = 8', 'ABSOLUTE_LIMIT = 8.5']] },
    '9.6',
    'The login ends after 8.5 hours',
  ),
  wrong(
    'an absolute limit of 80 hours',
    { 'app.ts': [['ABSOLUTE_LIMIT = 8', 'ABSOLUTE_LIMIT = 80']] },
    '9.6',
    'The login ends after more than a day',
  ),
  wrong(
    'the absolute limit stands in front of the account alone',
    {
      'app.ts': [
        [LIMIT, ''],
        [
          "  app.get('/account',",
          `${DESTROYS.replace('app.use(', "app.use('/account', ")}\n  app.get('/account',`,
        ],
      ],
    },
    '9.6',
    'the limit holds for some pages only',
  ),
  right('the end is a date, and the driver answers with the document', {
    'app.ts': [
      [
        LIMIT,
        writes(
          'req.session.cookie.expires = new Date(Math.min(Date.now() + IDLE_LIMIT, (req.session.loggedInAt ?? Infinity) + ABSOLUTE_LIMIT));',
        ),
      ],
    ],
    'store.ts': [['updateOne(', 'findOneAndUpdate(']],
  }),
  right('a login over the limit becomes a visitor with a new ID', {
    'app.ts': [
      [
        LIMIT,
        limitBy(
          'loggedInAt + ABSOLUTE_LIMIT - Date.now()',
          'if (left <= 0) return req.session.regenerate(next);\n    if (left < IDLE_LIMIT) req.session.cookie.maxAge = left;',
        ),
      ],
    ],
  }),
  wrong(
    'the limits that "See it" tells to try, left in',
    { 'app.ts': [['IDLE_LIMIT = 30 * 60 * 1000', 'IDLE_LIMIT = 20 * 1000']] },
    '9.1',
    'The limit is 20 seconds. The lesson asks for 30 minutes',
  ),
  wrong(
    'the absolute limit that "See it" tells to try, left in',
    {
      'app.ts': [
        ['ABSOLUTE_LIMIT = 8 * 60 * 60 * 1000', 'ABSOLUTE_LIMIT = 60 * 1000'],
        ['const { loggedInAt = Date.now() }', 'const { loggedInAt = Infinity }'],
      ],
    },
    '9.4',
    'The lesson asks for an IDLE_LIMIT of 30 minutes and an ABSOLUTE_LIMIT of 8 hours',
  ),
  wrong(
    'touch gets the error, and keeps error and callback to itself',
    { 'store.ts': [['.then(() => callback(), callback);', '.then(() => callback(), () => {});']] },
    '9.5',
    'called nothing back',
  ),
  wrong(
    'touch updates another collection',
    { 'store.ts': [["<{ _id: string }>('sessions')", "<{ _id: string }>('session')"]] },
    '9.4',
    'sent its update to shop.session, and the sessions are in shop.sessions',
  ),
  wrong(
    'the time of the login is set anew on each request',
    {
      'app.ts': [
        [LIMIT, `${writes('if (req.session.isLoggedIn) req.session.loggedInAt = Date.now();')}${LIMIT}`],
      ],
    },
    '9.5',
    'req.session.loggedInAt changes on each request',
  ),
  wrong(
    'touch makes a date of an end that is not there',
    {
      'app.ts': [[LIMIT, DESTROYS]],
      'store.ts': [
        ['    if (!expires) {\n      callback();\n      return;\n    }\n', ''],
        ['const end = { expires,', 'const end = { expires: new Date(expires as never),'],
      ],
    },
    '9.5',
    'new Date(null) is in 1970',
  ),
  wrong(
    'touch stores the end as text',
    { 'store.ts': [['const end = { expires,', 'const end = { expires: new Date(expires).toISOString(),']] },
    '9.4',
    'the TTL index clears out by dates alone',
  ),
  wrong(
    'touch looks for the document by the ID in the session',
    { 'store.ts': [['sessions.updateOne({ _id: id }', "sessions.updateOne({ 'session.id': id } as never"]] },
    '9.4',
    'looks for a document by session.id',
  ),
  wrong(
    'maxAge as text, with a unit',
    { 'app.ts': [['cookie: { maxAge: IDLE_LIMIT }', "cookie: { maxAge: '30m' as any }"]] },
    '9.1',
    'cookie.maxAge is a number of milliseconds',
  ),
  wrong(
    'rolling: true, and no touch',
    { 'store.ts': [[TOUCH, '']] },
    '9.4',
    'renews the cookie and, on this store, nothing else',
  ),
  wrong(
    'the time until the absolute limit, also when it is longer than the idle one',
    {
      'app.ts': [
        [
          `    const { loggedInAt = Date.now() } = req.session;
    req.session.cookie.maxAge = Math.min(IDLE_LIMIT, loggedInAt + ABSOLUTE_LIMIT - Date.now());
`,
          `    const { loggedInAt } = req.session;
    if (loggedInAt) req.session.cookie.maxAge = loggedInAt + ABSOLUTE_LIMIT - Date.now();
`,
        ],
      ],
    },
    '9.4',
    'only when that is less than IDLE_LIMIT',
  ),
  wrong(
    'touch, and no rolling',
    { 'app.ts': [[ROLLING, '']] },
    '9.4',
    'The document moved and the cookie did not',
  ),
  wrong(
    'touch comes after session() looked for one',
    {
      'app.ts': [
        [SESSION_HEADER, `  addTouch(store);\n${SESSION_HEADER}`],
        ['import { createStore }', 'import { addTouch, createStore }'],
      ],
      'store.ts': [
        [TOUCH, ''],
        [
          '/** A session store in MongoDB',
          `export function addTouch(store: Store) {
  store.touch = TouchingStore.prototype.touch;
}

class TouchingStore extends SessionStore {
${TOUCH}}

/** A session store in MongoDB`,
        ],
      ],
    },
    '9.4',
    'before session() is called',
  ),
  wrong(
    'touch moves a field of another name',
    { 'store.ts': [['const end = { expires,', 'const end = { expiresAt: expires,']] },
    '9.4',
    'It has to set `expires`',
  ),
  wrong(
    'touch does not call back',
    { 'store.ts': [['.then(() => callback(), callback);', '.then(() => {}, callback);']] },
    '9.4',
    'The store’s touch() was called, and has not called back',
  ),
  wrong(
    'touch returns a promise, and leaves the callback alone',
    {
      'store.ts': [
        ['.then(() => callback(), callback);', ' as never;'],
        ['    sessions.updateOne(', '    return sessions.updateOne('],
      ],
    },
    '9.4',
    'The store’s touch() returned a promise',
  ),
  wrong(
    'maxAge in seconds',
    {
      'app.ts': [
        [COOKIE, '      cookie: { maxAge: 30 * 60 },\n'],
        [LIMIT, DESTROYS],
      ],
    },
    '9.1',
    'maxAge is in milliseconds',
  ),
  wrong(
    "the store's expires in place of cookie.maxAge",
    {
      'app.ts': [
        [COOKIE, ''],
        [LIMIT, DESTROYS],
      ],
      'store.ts': [[URI, `${URI}      expires: 30 * 60 * 1000,\n`]],
    },
    '9.1',
    'moves the document alone',
  ),
  wrong(
    'a date that is made once, when the shop opens',
    {
      'app.ts': [
        [COOKIE, '      cookie: { expires: new Date(Date.now() + IDLE_LIMIT) },\n'],
        [LIMIT, DESTROYS],
      ],
    },
    '9.1',
    'the same moment for everybody',
  ),
  wrong(
    'a short limit left in from trying it out',
    { 'app.ts': [['IDLE_LIMIT = 30 * 60 * 1000', 'IDLE_LIMIT = 5 * 60 * 1000']] },
    '9.1',
    'left in from trying it out',
  ),
  wrong(
    'expiresAfterSeconds for the length of a session',
    { 'store.ts': [[URI, `${URI}      expiresAfterSeconds: 30 * 60,\n`]] },
    '9.2',
    'what MongoDB adds to it',
  ),
  wrong(
    'another expiresKey',
    { 'store.ts': [[URI, `${URI}      expiresKey: 'endsAt',\n`]] },
    '9.1',
    'refuses by the field `expires`',
  ),
  wrong(
    'a cleaner of its own',
    {
      'store.ts': [
        [
          RETURN,
          `  const sessions = store.client.db().collection('sessions');
  const get = store.get.bind(store);
  store.get = (id, callback) => {
    void sessions.deleteMany({ expires: { $lt: new Date() } } as object).then(() => get(id, callback));
  };
${RETURN}`,
        ],
      ],
    },
    '9.3',
    'MongoDB does that by the TTL index',
  ),
  wrong(
    'get() moves the end, also of a session that has ended',
    {
      'store.ts': [
        [
          TOUCH,
          `  override get(id: string, callback: Parameters<Store['get']>[1]): void {
    const expires = new Date(Date.now() + 30 * 60 * 1000);
    void this.client.db().collection<{ _id: string }>('sessions')
      .updateOne({ _id: id }, { $set: { expires } })
      .then(() => super.get(id, callback));
  }
`,
        ],
      ],
    },
    '9.3',
    'until then the store must refuse it',
  ),
  wrong(
    'resave: true in place of a touch',
    {
      'app.ts': [[RESAVE, 'resave: true']],
      'store.ts': [[TOUCH, '']],
    },
    '9.5',
    'express-session itself advises it',
  ),
  wrong(
    'touch writes the whole session',
    { 'store.ts': [[TOUCH, '  override touch = this.set;\n']] },
    '9.5',
    'touch() writes the whole session',
  ),
  wrong(
    'the last visit is noted on every page',
    {
      'app.ts': [
        [
          SESSION_HEADER,
          `${writes('if (req.session.isLoggedIn) Object.assign(req.session, { seenAt: Date.now() });')}${SESSION_HEADER}`,
        ],
      ],
      'store.ts': [[TOUCH, '']],
    },
    '9.5',
    'req.session.seenAt changes on each request',
  ),
  wrong(
    'every visitor gets a session that counts from its start',
    {
      'app.ts': [[LIMIT, `${writes('req.session.loggedInAt ??= Date.now();')}${LIMIT}`]],
    },
    '9.5',
    'A visitor who only passes by got a session',
  ),
  wrong(
    'no absolute limit',
    { 'app.ts': [[LIMIT, '']] },
    '9.6',
    'Nothing ends the session 8 hours after the login',
  ),
  wrong(
    'the absolute limit counts only when nothing is left until it',
    {
      'app.ts': [
        [
          '    req.session.cookie.maxAge = Math.min(IDLE_LIMIT, loggedInAt + ABSOLUTE_LIMIT - Date.now());\n',
          '    const left = loggedInAt + ABSOLUTE_LIMIT - Date.now();\n    if (left < 0) req.session.cookie.maxAge = left;\n',
        ],
      ],
    },
    '9.6',
    'one request too late',
  ),
  wrong(
    'the absolute limit moves along',
    {
      'app.ts': [
        [
          LIMIT,
          `${LIMIT}${writes('if (req.session.isLoggedIn && req.session.cookie.maxAge) req.session.loggedInAt = Math.floor(Date.now() / 3_600_000) * 3_600_000;')}`,
        ],
      ],
    },
    '9.6',
    'The limit moves along',
  ),
  wrong(
    'the absolute limit ends the cookie alone',
    {
      'store.ts': [
        ['const { expires } = cookie;', 'const expires = cookie && new Date(Date.now() + 30 * 60 * 1000);'],
      ],
    },
    '9.6',
    'Only the cookie ended',
  ),
  wrong(
    'the absolute limit in seconds',
    { 'app.ts': [[LIMIT, DESTROYS.replace('+ ABSOLUTE_LIMIT', '+ ABSOLUTE_LIMIT / 1000')]] },
    '9.4',
    'in milliseconds',
  ),
  wrong(
    'an update that fails is nobody’s',
    { 'store.ts': [['.then(() => callback(), callback);', '.then(() => callback());']] },
    '9.5',
    'nobody looked at that',
  ),
  wrong(
    'touch does not wait for MongoDB, nor for its errors',
    { 'store.ts': [['.then(() => callback(), callback);', ';\n    callback();']] },
    '9.5',
    'nobody looked at that',
  ),
  ...cookieMistakes({
    from: 'maxAge: IDLE_LIMIT }',
    to: (option) => `maxAge: IDLE_LIMIT, ${option} }`,
    unsent: '9.1',
    missing: '9.1',
    dropped: '9.3',
  }),
  wrong(
    'touch stores the end of a cookie that has none',
    {
      'app.ts': [[LIMIT, DESTROYS]],
      'store.ts': [
        [
          TOUCH,
          `  override touch(id: string, { cookie: { expires } }: SessionData, callback: (error?: unknown) => void = () => {}) {
    const sessions = this.client.db().collection<{ _id: string }>('sessions');
    sessions.updateOne({ _id: id }, { $set: { expires } } as never).then(() => callback(), callback);
  }
`,
        ],
      ],
    },
    '9.5',
    'a cookie without maxAge has none',
  ),
  wrong(
    'no maxAge, and a page that says expires for a cache',
    {
      'app.ts': [
        [COOKIE, ''],
        [LIMIT, "  app.use((_req, res, next) => {\n    res.set({ expires: '0' });\n    next();\n  });\n"],
      ],
    },
    '9.1',
    'the browser keeps it until it is closed',
  ),
  wrong(
    'a limit of 20 minutes, in an app that notes when it opened',
    {
      'app.ts': [
        ['const IDLE_LIMIT = 30 * 60 * 1000;', 'const IDLE_LIMIT = 20 * 60 * 1000;'],
        [SESSION_HEADER, `  app.locals.opened = new Date();\n${SESSION_HEADER}`],
      ],
    },
    '9.1',
    'The lesson asks for 30 minutes',
  ),
  wrong(
    'no absolute limit, and the time of the login is passed to a page',
    {
      'app.ts': [
        [
          LIMIT,
          '  app.use((req, res, next) => {\n    res.locals.loggedInAt = req.session.loggedInAt;\n    next();\n  });\n',
        ],
      ],
    },
    '9.6',
    'Nothing ends the session 8 hours after the login',
  ),
  wrong(
    'saveUninitialized is left out',
    { 'app.ts': [['      saveUninitialized: false,\n', '']] },
    '9.5',
    'saveUninitialized was left out, and its default is true',
  ),
  wrong(
    'the cart leads to a page that is not there',
    {
      'app.ts': [
        [
          "it is in your cart.`;\n    await save(req);\n    res.redirect(303, '/cart');",
          "it is in your cart.`;\n    await save(req);\n    res.redirect(303, '/basket');",
        ],
      ],
    },
    '9.5',
    'redirects to /basket, and the shop has no page there',
  ),
  right('a limit that turns away every request', {
    'app.ts': [
      [
        LIMIT,
        `  app.use((req, res, next) => {
    const { loggedInAt = Date.now() } = req.session;
    if (Date.now() - loggedInAt < ABSOLUTE_LIMIT) next();
    else res.clearCookie('connect.sid').redirect(303, '/login');
  });
`,
      ],
    ],
  }),
  right('touch does not wait for MongoDB', {
    'store.ts': [
      [
        '.then(() => callback(), callback);',
        ".catch(() => console.error('A session was not touched.'));\n    callback();",
      ],
    ],
  }),
  right('touch once a minute, and a limit that destroys', {
    'app.ts': [[LIMIT, DESTROYS]],
    'store.ts': [
      [
        TOUCH,
        `  override touch(id: string, session: SessionData, callback: (error?: unknown) => void = () => {}) {
    const { touchedAt = 0 } = session as { touchedAt?: number };
    if (!session.cookie.expires || Date.now() - touchedAt < 60 * 1000) return void callback();
    const end = { expires: session.cookie.expires, 'session.touchedAt': Date.now() };
    const sessions = this.client.db().collection<{ _id: string }>('sessions');
    sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), callback);
  }
`,
      ],
    ],
  }),
  right('a small change every five minutes, and no touch', {
    'app.ts': [
      [
        SESSION_HEADER,
        `${writes('if (req.session.isLoggedIn || req.session.cart) Object.assign(req.session, { seen: Math.floor(Date.now() / 300_000) });')}${SESSION_HEADER}`,
      ],
    ],
    'store.ts': [[TOUCH, '']],
  }),
  right('a method of the one store, which knows the idle limit', {
    'app.ts': [[LIMIT, DESTROYS]],
    'store.ts': [
      [TOUCH, ''],
      [
        RETURN,
        `  const sessions = store.client.db().collection<{ _id: string }>('sessions');
  store.touch = (id, _session, callback: (error?: unknown) => void = () => {}) => {
    const expires = new Date(Date.now() + 30 * 60 * 1000);
    sessions.updateOne({ _id: id }, { $set: { expires } }).then(() => callback(), callback);
  };
${RETURN}`,
      ],
    ],
  }),
  right('get() moves the end of a session that goes on, in one command', {
    'app.ts': [[LIMIT, DESTROYS]],
    'store.ts': [
      [
        TOUCH,
        `  override get(id: string, callback: Parameters<Store['get']>[1]): void {
    const sessions = this.client.db().collection<{ _id: string; session: SessionData; expires: Date }>('sessions');
    const now = Date.now();
    sessions
      .findOneAndUpdate(
        { _id: id, expires: { $gt: new Date(now) } },
        { $set: { expires: new Date(now + 30 * 60 * 1000) } },
      )
      .then((found) => callback(null, found?.session), callback);
  }
`,
      ],
    ],
  }),
  rightOnMongod(
    'touch asks for a collation',
    {
      'store.ts': [
        [
          'sessions.updateOne({ _id: id }, { $set: end })',
          "sessions.updateOne({ _id: id }, { $set: end }, { collation: { locale: 'en' } })",
        ],
      ],
    },
    "the field 'update.updates.collation'",
  ),
  rightOnMongod(
    'touch asks for a collation in a bulk write, and keeps the error to itself',
    {
      'store.ts': [
        [
          'sessions.updateOne({ _id: id }, { $set: end }).then(() => callback(), callback);',
          `sessions
      .bulkWrite([{ updateOne: { filter: { _id: id }, update: { $set: end }, collation: { locale: 'en' } } }])
      .catch(() => {})
      .then(() => callback());`,
        ],
      ],
    },
    "the field 'update.updates.collation'",
  ),
  wrong(
    'an absolute limit of a day',
    { 'app.ts': [['8 * 60 * 60 * 1000', '24 * 60 * 60 * 1000']] },
    '9.6',
    'The login ends after 24 hours',
  ),
  wrong(
    'touch updates without $set',
    { 'store.ts': [['{ $set: end }', 'end as any']] },
    '9.4',
    'touch() was called, and MongoDB got no update from it',
  ),
  wrong(
    'touch takes the request for its first argument',
    {
      'store.ts': [
        ['override touch(id: string, { cookie }', 'override touch(req: any, { cookie }'],
        ['{ _id: id }, { $set', '{ _id: String(req.sessionID) }, { $set'],
      ],
    },
    '9.4',
    'and no session has this one',
  ),
  wrong(
    'next() is not called once less than the idle limit is left',
    {
      'app.ts': [
        [
          LIMIT,
          limitBy(
            'loggedInAt + ABSOLUTE_LIMIT - Date.now()',
            'if (left < IDLE_LIMIT) {\n      req.session.cookie.maxAge = left;\n      return;\n    }',
          ),
        ],
      ],
    },
    '9.6',
    'calls no next()',
  ),
  wrong(
    'what is left is counted from the login',
    { 'app.ts': [[LIMIT, limitBy('Date.now() - loggedInAt')]] },
    '9.4',
    'and the browser threw it away. cookie.maxAge is the time that is left',
  ),
  wrong(
    'what is left is a length less a moment',
    { 'app.ts': [[LIMIT, limitBy('ABSOLUTE_LIMIT - loggedInAt')]] },
    '9.4',
    'gave the session cookie an end that has come',
  ),
  wrong(
    'what is left grows',
    { 'app.ts': [[LIMIT, limitBy('Date.now() + ABSOLUTE_LIMIT - loggedInAt')]] },
    '9.6',
    'the time from now until loggedInAt + ABSOLUTE_LIMIT',
  ),
  wrong(
    'the absolute limit stands below the routes',
    {
      'app.ts': [
        [LIMIT, ''],
        ['  app.use(notFoundPage);\n', `${LIMIT}  app.use(notFoundPage);\n`],
      ],
    },
    '9.6',
    'stands below the routes',
  ),
  wrong(
    'touch updates by an operator that is none',
    { 'store.ts': [['{ $set: end }', '{ $sett: end } as any']] },
    '9.4',
    'MongoDB refused it: Unknown modifier: $sett',
  ),
  wrong(
    'touch makes a document where there is none',
    { 'store.ts': [['{ $set: end }', '{ $set: end }, { upsert: true }']] },
    '9.5',
    'Leave upsert out',
  ),
  wrong(
    'touch makes a document where there is none, at most once a minute',
    {
      'store.ts': [
        ['    if (!expires) {', '    if (!expires || Date.now() % 3_600_000 < 60_000) {'],
        ['{ $set: end }', '{ $set: end }, { upsert: true }'],
      ],
    },
    '9.5',
    'Leave upsert out',
  ),
];
