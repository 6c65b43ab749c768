import { cookieMistakes } from '#checks/support/cookie-mistakes.ts';
import { right, wrong } from '#grader/check/recorded.ts';

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
    'an option is misspelt',
    { 'app.ts': [['saveUninitialized: false,', 'saveUnitialized: false,']] },
    '3.4',
    'session() has no option called saveUnitialized',
  ),
  wrong(
    'the secret of config is changed on its way',
    { 'app.ts': [[SECRET, "secret: 'x' + config.sessionSecret,"]] },
    '3.5',
    'Give that to session() as it is',
  ),
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
    'GET /cart changes req.session.seen',
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
  ...cookieMistakes({
    from: '      saveUninitialized: false,\n',
    to: (option) => `      saveUninitialized: false,\n      cookie: { ${option} },\n`,
    unsent: '3.1',
    missing: '3.1',
    dropped: '3.1',
  }),
  wrong(
    'a maxAge that is no number',
    {
      'app.ts': [
        ['saveUninitialized: false,', 'saveUninitialized: false, cookie: { maxAge: Number(undefined) },'],
      ],
    },
    '3.1',
    'cookie.maxAge is NaN',
  ),
  wrong(
    'a path of Express 4 for all that no route knew',
    { 'app.ts': [['app.use(notFoundPage);', "app.get('*', notFoundPage);"]] },
    '3.1',
    'Express 5 reads paths in another way',
  ),
  wrong(
    'session() is called like an object',
    {
      'app.ts': [
        ["import session from 'express-session';", "import * as session from 'express-session';"],
        ['    session({', '    (session as any)({'],
      ],
    },
    '3.1',
    'not import * as session',
  ),
  wrong(
    'resave and saveUninitialized are left out',
    { 'app.ts': [['      resave: false,\n      saveUninitialized: false,\n', '']] },
    '3.3',
    'resave was left out, and its default is true',
  ),
  wrong(
    'req.session is deleted before the redirect',
    {
      'app.ts': [
        [
          'req.session.cart = addToCart(req.session.cart, product.id);',
          'req.session.cart = addToCart(req.session.cart, product.id);\n    delete (req as Partial<typeof req>).session;',
        ],
      ],
    },
    '3.1',
    'POST /cart had a req.session, and deleted it',
  ),
  wrong(
    'the store calls its field for the ID something else',
    { 'store.ts': [["collection: 'sessions',", "collection: 'sessions',\n      idField: 'sid',"]] },
    '3.1',
    'no document of shop.sessions has the ID of the cookie as its _id',
  ),
  wrong(
    'the store calls its field for the end something else',
    { 'store.ts': [["collection: 'sessions',", "collection: 'sessions',\n      expiresKey: 'ends',"]] },
    '3.1',
    'refuses an ended session by its field `expires`',
  ),
  wrong(
    'more copies are asked for than there are',
    { 'store.ts': [['uri: config.mongodbUri', "uri: config.mongodbUri + '?w=5'"]] },
    '3.1',
    'asks for more copies than this deployment keeps',
  ),
  wrong(
    'an ObjectId of another bson, and the save is left to the end of the answer',
    {
      'app.ts': [
        [
          "import session from 'express-session';",
          "import { ObjectId } from 'bson';\nimport session from 'express-session';",
        ],
        [
          "    req.session.cart = addToCart(req.session.cart, product.id);\n    saveThenRedirect(req, res, next, '/cart');",
          "    Object.assign(req.session, { cart: addToCart(req.session.cart, product.id), by: new ObjectId() });\n    res.redirect(303, '/cart');",
        ],
      ],
    },
    '3.1',
    'The store did not take the session, and the shopper was told that all went well',
  ),
  wrong(
    'a Map is kept, and asked for after a restart',
    {
      'app.ts': [
        [
          'req.session.cart = addToCart(req.session.cart, product.id);',
          'req.session.cart = new Map([[product.id, 1]]) as never;',
        ],
      ],
    },
    '3.2',
    'req.session.cart is a Map, and no store gives that back',
  ),
  wrong(
    'products go into the cart, as the catalogue has them',
    {
      'app.ts': [
        [
          'req.session.cart = addToCart(req.session.cart, product.id);',
          'req.session.cart = [...(req.session.cart ?? []), product as never];',
        ],
      ],
    },
    '3.2',
    'The new process found the session, cart and all',
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
  right('var, require and function, no types, and the routes before nothing but their session', {
    'app.ts': `import { createRequire } from 'node:module';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';
import { createStore } from './store.ts';

var require = createRequire(import.meta.url);
var express = require('express');
var session = require('express-session');

export function createApp(config) {
  var app = express();
  var options = new Object();
  options.secret = config.sessionSecret;
  options.resave = false;
  options.saveUninitialized = false;
  options.store = createStore(config);
  shopViews(app);
  app.use(shopHeader, session(options), express.urlencoded());
  app.get('/', function (_, res) {
    return res.render('shop', { products: catalogue });
  });
  app.get('/cart', function (req, res) {
    return res.render('cart', { lines: cartLines(req.session.cart) });
  });
  app.post('/cart', function (req, res) {
    var product = findProduct(req.body.product);
    if (product) req.session.cart = addToCart(req.session.cart, product.id);
    req.session.save(function () {
      res.redirect('/cart');
    });
  });
  app.post('/cart/remove', function (req, res) {
    req.session.cart = removeFromCart(req.session.cart, req.body.product);
    req.session.save(function () {
      res.redirect('/cart');
    });
  });
  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}
`,
  }),
  right('a class, with the session only for what needs one', {
    'app.ts': `import express, { Router } from 'express';
import session from 'express-session';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import type { ShopConfig } from '#shop/config.ts';
import { saveThenRedirect } from '#shop/redirect.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';
import * as stores from './store.ts';

class Sessions {
  readonly handler;
  constructor(config: ShopConfig) {
    const { sessionSecret: secret } = config;
    const common = { resave: false, saveUninitialized: false } as const;
    this.handler = session({ ...common, secret, store: stores.createStore(config), unset: 'destroy' });
  }
}

function cartRoutes(): Router {
  const router = Router();
  router.get('/', (req, res) => res.render('cart', { lines: cartLines(req.session.cart) }));
  router.post('/', (req, res, next) => {
    const product = findProduct(req.body.product);
    if (!product) return next();
    req.session.cart = addToCart(req.session.cart, product.id);
    saveThenRedirect(req, res, next, '/cart');
  });
  router.post('/remove', (req, res, next) => {
    req.session.cart = removeFromCart(req.session.cart, req.body.product);
    saveThenRedirect(req, res, next, '/cart');
  });
  return router;
}

export const createApp = (config: ShopConfig) => {
  const app = express();
  const { handler } = new Sessions(config);
  shopViews(app);
  app.get('/', handler, shopHeader, (_req, res) => res.render('shop', { products: catalogue }));
  app.use('/cart', handler, shopHeader, express.urlencoded(), cartRoutes());
  app.use(notFoundPage, errorPage);
  return app;
};
`,
  }),
  wrong(
    'a store is made for each request',
    {
      'app.ts': [
        ['app.use(\n    session({', 'app.use((req, res, next) =>\n    session({'],
        ['      store,\n    }),\n', '      store: createStore(config),\n    })(req, res, next),\n'],
        ['  const store = createStore(config);\n', ''],
      ],
    },
    '3.3',
    'A store is made for each request',
  ),
  wrong(
    'genid takes the address of the visitor',
    { 'app.ts': [[STORE, `${STORE}      genid: (req) => req.ip ?? '',\n`]] },
    '3.1',
    'were given the same session ID',
  ),
  wrong(
    'config.sessionSecret stands in quotes',
    { 'app.ts': [[SECRET, "secret: 'config.sessionSecret',"]] },
    '3.5',
    'config.sessionSecret stands in quotes',
  ),
  wrong(
    'resave is the text false',
    { 'app.ts': [['resave: false', "resave: 'false' as any"]] },
    '3.3',
    'resave is "false", a text',
  ),
  wrong(
    'every request saves the session',
    {
      'app.ts': [
        [
          '  app.use(shopHeader);',
          '  app.use((req, _res, next) => req.session.save(next));\n  app.use(shopHeader);',
        ],
      ],
    },
    '3.3',
    'req.session.save() is called, and it writes the session whatever is in it',
  ),
  wrong(
    'the store is on the address of a tutorial, where nothing answers',
    {
      'app.ts': [
        ['createStore(config)', "createStore({ ...config, mongodbUri: 'mongodb://localhost:1/shop' })"],
      ],
    },
    '3.1',
    'waits for a MongoDB at localhost:1, and nothing answers there',
  ),
];
