import { right, wrong } from '#grader/check/recorded.ts';

const CALLBACK = `    // Without this callback, a database that is away at the start ends the whole process after 30 seconds.
    (error) => {
      if (error) console.error(\`The session store says: \${error.message}\`);
    },
`;
const LISTENER = "  store.on('error', () => console.error('The session store failed.'));\n";
const IMPORT = "import connectMongoDBSession from 'connect-mongodb-session';";
const MAKE_CLASS = 'const MongoDBStore = connectMongoDBSession(session);';
const OPTIONS = "      uri: config.mongodbUri,\n      collection: 'sessions',\n";

export default [
  wrong(
    'MongoDBStore is imported by name',
    {
      'store.ts': [
        [IMPORT, "import { MongoDBStore } from 'connect-mongodb-session';"],
        [MAKE_CLASS, ''],
      ],
    },
    '2.1',
    'no MongoDBStore to import by name',
  ),
  wrong(
    'the function is taken for the class',
    {
      'store.ts': [
        [
          MAKE_CLASS,
          'const MongoDBStore = connectMongoDBSession as never as ReturnType<typeof connectMongoDBSession>;',
        ],
      ],
    },
    '2.1',
    'It returns the MongoDBStore class, and new makes a store of that',
  ),
  wrong(
    'no uri: the store goes to its default',
    { 'store.ts': [['      uri: config.mongodbUri,\n', '']] },
    '2.1',
    'goes to mongodb://127.0.0.1:27017/test, whatever is there',
  ),
  wrong(
    'the uri is written down, and is not the one of the shop',
    { 'store.ts': [['config.mongodbUri', "'mongodb://127.0.0.1:1/shop'"]] },
    '2.1',
    'not the one of the shop',
  ),
  wrong(
    'the path is cut off the uri, and the driver takes test',
    { 'store.ts': [['uri: config.mongodbUri', "uri: config.mongodbUri.replace('/shop', '/')"]] },
    '2.1',
    'The database name got lost',
  ),
  wrong(
    'another database is named in the options',
    { 'store.ts': [[OPTIONS, `${OPTIONS}      databaseName: 'myshop',\n`]] },
    '2.1',
    'told another database',
  ),
  wrong(
    'the collection is called mySessions, as in the package README',
    { 'store.ts': [["'sessions'", "'mySessions'"]] },
    '2.1',
    'a collection called "mySessions"',
  ),
  wrong(
    'no callback: the listener alone does not save the process',
    { 'store.ts': [[CALLBACK, '']] },
    '2.4',
    'takes a callback as its second argument',
  ),
  wrong(
    'neither callback nor listener',
    {
      'store.ts': [
        [CALLBACK, ''],
        [LISTENER, ''],
      ],
    },
    '2.4',
    'takes a callback as its second argument',
  ),
  wrong(
    'the code of the course notes, as it stands there',
    {
      'store.ts': `import { createRequire } from 'node:module';
import session from 'express-session';

const require = createRequire(import.meta.url);
const MongoDBStore = require('connect-mongodb-session')(session);

export function createStore(config) {
  const store = new MongoDBStore({
    uri: config.mongodbUri,
    collection: 'sessions',  // collection to store session data
  });
  return store;
}
`,
    },
    '2.4',
    'takes a callback as its second argument',
  ),
  wrong(
    'the callback ends the process',
    {
      'store.ts': [
        [
          'if (error) console.error(`The session store says: ${error.message}`);',
          'if (error) process.exit(1);',
        ],
      ],
    },
    '2.4',
    'The answer ended its own process',
  ),
  wrong(
    'createStore is async',
    {
      'store.ts': [
        [
          'export function createStore(config: ShopConfig): Store {',
          'export async function createStore(config: ShopConfig): Promise<Store> {',
        ],
      ],
    },
    '2.2',
    'An async function returns a promise of a store',
  ),
  wrong(
    'the callback throws what it got',
    { 'store.ts': [[CALLBACK, '    (error) => {\n      if (error) throw error;\n    },\n']] },
    '2.4',
    'A callback or a listener that throws it again',
  ),
  wrong(
    'callback and listener hear of it, and keep it to themselves',
    {
      'store.ts': [
        [CALLBACK, '    () => {},\n'],
        [LISTENER, "  store.on('error', () => {});\n"],
      ],
    },
    '2.4',
    'hears of it and does nothing',
  ),
  wrong(
    'the documents get another field for the time',
    { 'store.ts': [[OPTIONS, `${OPTIONS}      expiresKey: 'expireAt',\n`]] },
    '2.1',
    'Leave expiresKey',
  ),
  wrong(
    'the ID goes into a field of its own',
    { 'store.ts': [[OPTIONS, `${OPTIONS}      idField: 'sid',\n`]] },
    '2.2',
    'Leave idField out',
  ),
  wrong(
    'the starter: a MemoryStore',
    {
      'store.ts': `import { MemoryStore, type Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

export function createStore(_config: ShopConfig): Store {
  return new MemoryStore();
}
`,
    },
    '2.1',
    'still returns a store in memory',
  ),
  wrong(
    'a store is made and not returned',
    { 'store.ts': [['  return store;', '  return new session.MemoryStore();']] },
    '2.2',
    'a store in memory keeps it in its process',
  ),
  wrong(
    'the line of the course notes, with require',
    {
      'store.ts': [
        ["import connectMongoDBSession from 'connect-mongodb-session';\n", ''],
        [
          'const MongoDBStore = connectMongoDBSession(session);',
          "const MongoDBStore = require('connect-mongodb-session')(session);",
        ],
      ],
    },
    '2.1',
    'which has no require()',
  ),
  wrong(
    'options of an old driver',
    {
      'store.ts': [
        [
          "collection: 'sessions',",
          "collection: 'sessions',\n      connectionOptions: { useNewUrlParser: true, useUnifiedTopology: true, useCreateIndex: true } as never,",
        ],
      ],
    },
    '2.1',
    'of an old driver',
  ),
  wrong(
    'connect-mongo as before its version 4',
    {
      'store.ts': [
        ["'connect-mongodb-session'", "'connect-mongo'"],
        ['connectMongoDBSession(session);', '(connectMongoDBSession as any)(session);'],
      ],
    },
    '2.1',
    'as before its version 4',
  ),
  wrong(
    'the callback says what it got, also when that is nothing',
    {
      'store.ts': [
        [
          'if (error) console.error(',
          'console.log(`Error connecting MongoDBStore: ` + error);\n      if (error) console.error(',
        ],
      ],
    },
    '2.4',
    'The constructor calls back when all went well, too',
  ),
  wrong(
    'a store in memory of another class, and a MongoDBStore that is made and not returned',
    {
      'store.ts': [
        ['  return store;\n', '  return new session.MemoryStore();\n'],
        ['uri: config.mongodbUri', "uri: 'mongodb://127.0.0.1:1/shop'"],
      ],
    },
    '2.1',
    'The store keeps sessions, and not where config.mongodbUri says',
  ),
  wrong(
    'the listener prints what it hears',
    { 'store.ts': [[LISTENER, "  store.on('error', (error) => console.log(error));\n"]] },
    '2.4',
    'quotes the whole session',
  ),
  right('both calls in one line, no name for the collection, which is the default', {
    'store.ts': `import connect from 'connect-mongodb-session';
import session from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

export const createStore = ({ mongodbUri: uri }: ShopConfig) =>
  new (connect(session))({ uri } as never, (err) => err && console.log(err));
`,
  }),
  right('a callback that logs, no listener', { 'store.ts': [[LISTENER, '']] }),
  right('connection options, and a subclass', {
    'store.ts': [
      [
        MAKE_CLASS,
        `${MAKE_CLASS}

class ShopStore extends MongoDBStore {
  constructor(uri: string) {
    super({ uri, collection: 'sessions', connectionOptions: { appName: 'shop' } }, () => {});
  }
}`,
      ],
      [
        `new MongoDBStore(
    {
      uri: config.mongodbUri,
      collection: 'sessions',
    },
${CALLBACK}  );`,
        'new ShopStore(config.mongodbUri);',
      ],
    ],
  }),
  right('the code of the course notes, and the callback that the notes do not know', {
    'store.ts': `// @ts-nocheck
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

// Import required modules
const session = require('express-session');
const MongoDBStore = require('connect-mongodb-session')(session);

export function createStore(config) {
  // MongoDB connection string (customize accordingly)
  const MONGODB_URI = config.mongodbUri;

  // Initialize the session store
  const store = new MongoDBStore({
    uri: MONGODB_URI,
    collection: 'sessions',  // collection to store session data
  }, (error) => {
    if (error) console.log(error);
  });

  return store;
}
`,
  }),
  right('var and function, the options in an object, and the listener alone speaks', {
    'store.ts': `import * as mongo from 'connect-mongodb-session';
import * as express from 'express-session';

var Store = mongo.default(express.default);

export function createStore(config) {
  var options = {};
  options.uri = config.mongodbUri;
  options.collection = 'sessions';
  options.connectionOptions = { serverSelectionTimeoutMS: 2000 };
  var store = new Store(options, function () {});
  store.on('error', function (error) {
    console.warn('session store: no connection', error.name);
  });
  return store;
}
`,
  }),
  wrong(
    'on() is chained, and what it returns is taken for the store',
    {
      'store.ts': [
        ['const store = new MongoDBStore(', 'const store: any = (new MongoDBStore('],
        [
          `${CALLBACK}  );\n`,
          `${CALLBACK}  ) as any).on('error', () => console.error('The session store failed.'));\n`,
        ],
        [LISTENER, ''],
      ],
    },
    '2.2',
    'What on() of this store returns is no store',
  ),
  wrong(
    'the result of session() is passed on in place of session',
    {
      'store.ts': [
        [
          MAKE_CLASS,
          MAKE_CLASS.replace(
            '(session)',
            "(session({ secret: 'a', resave: false, saveUninitialized: false }) as any)",
          ),
        ],
      ],
    },
    '2.1',
    'It takes what express-session exports, as it is',
  ),
  wrong(
    'the name of the database once more, behind the uri',
    { 'store.ts': [['uri: config.mongodbUri', 'uri: `${config.mongodbUri}/shop`']] },
    '2.1',
    'Something was put behind config.mongodbUri',
  ),
  wrong(
    'the uri in place of the options, as a driver’s client takes it',
    { 'store.ts': [[`    {\n${OPTIONS}    },\n`, '    config.mongodbUri as any,\n']] },
    '2.1',
    'A text was given where an object of options belongs',
  ),
  wrong(
    'await in a function that is not async',
    { 'store.ts': [['  return store;', '  await store.client.connect();\n  return store;']] },
    '2.1',
    'await stands in a function that is not async',
  ),
];
