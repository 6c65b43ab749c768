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
/** A middleware that writes something into sessions on their way. */
const writes = (statement: string) => `  app.use((req, _res, next) => {
    ${statement}
    next();
  });
`;

export default [
  wrong(
    'rolling: true, and no touch',
    { 'store.ts': [[TOUCH, '']] },
    '9.4',
    'renews the cookie and, on this store, nothing else',
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
    'a method of the store does not call back',
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
    'Something in req.session changes on each request',
  ),
  wrong(
    'every visitor gets a session that counts from its start',
    {
      'app.ts': [[LIMIT, `${writes('req.session.loggedInAt ??= Date.now();')}${LIMIT}`]],
    },
    '9.5',
    'A visitor who only passes by got a session',
  ),
  wrong('no absolute limit', { 'app.ts': [[LIMIT, '']] }, '9.6', 'Nothing counts from the login'),
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
    if (Date.now() - touchedAt < 60 * 1000) return void callback();
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
];
