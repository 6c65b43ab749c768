import { right, wrong } from '#checks/support/recorded.ts';

const STORE = '      store,\n';
const SECRET = 'secret: config.sessionSecret,';
const OPTIONS = `      secret: config.sessionSecret,
      resave: false,
      saveUninitialized: false,
      store,
`;
const SESSION = `  app.use(
    session({
${OPTIONS}    }),
  );
`;

export default [
  wrong(
    'the store is made and not passed',
    { 'app.ts': [[STORE, '']] },
    '3.1',
    'session() was not given the store',
  ),
  wrong(
    'the secret stands in the code',
    { 'app.ts': [[SECRET, "secret: 'yourSecretKey',"]] },
    '3.5',
    'The secret stands in the code',
  ),
  wrong(
    'resave: true',
    { 'app.ts': [['resave: false', 'resave: true']] },
    '3.3',
    'resave: true writes every session back',
  ),
  wrong(
    'saveUninitialized: true',
    { 'app.ts': [['saveUninitialized: false', 'saveUninitialized: true']] },
    '3.4',
    'a document for every visitor',
  ),
  wrong(
    'two session() calls: the old one first, the one with the store second',
    {
      'app.ts': [
        [
          SESSION,
          `  app.use(session({ secret: config.sessionSecret, resave: false, saveUninitialized: false }));\n${SESSION}`,
        ],
      ],
    },
    '3.1',
    'The first one wins',
  ),
  wrong(
    'a new random secret at each start',
    {
      'app.ts': [
        [SECRET, 'secret: randomBytes(32).toString("hex"),'],
        ['import express, {', "import { randomBytes } from 'node:crypto';\nimport express, {"],
      ],
    },
    '3.2',
    'made up at each start',
  ),
  wrong(
    'another store than the one on config.mongodbUri',
    { 'app.ts': [[STORE, '      store: new session.MemoryStore(),\n']] },
    '3.1',
    'not the one on config.mongodbUri',
  ),
  wrong(
    'the guessed secret is accepted beside the real one',
    { 'app.ts': [[SECRET, "secret: [config.sessionSecret, 'keyboard cat'],"]] },
    '3.5',
    'accepts more than config.sessionSecret',
  ),
  wrong(
    'the last visit is noted in every session',
    {
      'app.ts': [
        [
          '  app.use(shopHeader);\n',
          `  app.use((req, _res, next) => {
    Object.assign(req.session, { seen: Date.now() });
    next();
  });
  app.use(shopHeader);
`,
        ],
      ],
    },
    '3.3',
    'Something changes req.session on each request',
  ),
  wrong('no secret at all', { 'app.ts': [[`      ${SECRET}\n`, '']] }, '3.1', 'was given no secret'),
  wrong(
    'createApp is not exported',
    { 'app.ts': [['export function createApp', 'function createApp']] },
    '3.1',
    'does not export a function createApp',
  ),
  wrong(
    'a bracket is missing',
    { 'app.ts': [['    }),\n  );\n  app.use(shopHeader);', '    }),\n  ;\n  app.use(shopHeader);']] },
    '3.1',
    'cannot be read as TypeScript',
  ),
  right('the options in an object of their own, and an age for the cookie', {
    'app.ts': [
      [SESSION, '  app.use(session(options));\n'],
      [
        '  const store = createStore(config);\n',
        `  const options: session.SessionOptions = {
    store: createStore(config),
    secret: [config.sessionSecret],
    saveUninitialized: false,
    resave: false,
    cookie: { maxAge: 1000 * 60 * 60 * 24, sameSite: 'lax' },
  };
`,
      ],
    ],
  }),
  right('the code of the course notes, as it stands there', {
    'app.ts': [
      [
        "import { createStore } from './store.ts';",
        `import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const MongoDBStore = require('connect-mongodb-session')(session);`,
      ],
      [
        '  const store = createStore(config);\n',
        `  const store = new MongoDBStore({
    uri: config.mongodbUri,
    collection: 'sessions',
  });
`,
      ],
      [
        SESSION,
        `  app.use(session({
    secret: config.sessionSecret,
    resave: false,
    saveUninitialized: false,
    store: store,
  }));
`,
      ],
    ],
  }),
  right('a cookie name of its own, rolling', {
    'app.ts': [[STORE, "      store,\n      name: 'shop.sid',\n      rolling: true,\n"]],
  }),
];
