import { cookieMistakes } from '#checks/support/cookie-mistakes.ts';
import { right, wrong } from '#grader/check/recorded.ts';

const SESSION = `  app.use(
    session({
      secret: config.sessionSecret,
      resave: false,
      saveUninitialized: false,
    }),
  );
`;
const NOT_FOUND = '  app.use(notFoundPage);\n';
const GET = 'cartLines(req.session.cart)';
const POST = 'req.session.cart = addToCart(req.session.cart, product.id);';
const CREATE = 'export function createApp';

export default [
  wrong(
    'the cart page is given the cart as it is',
    { 'app.ts': [[GET, '(req.session.cart ?? []) as any']] },
    '1.2',
    'A template could not be rendered',
  ),
  wrong(
    'session() stands below the routes',
    {
      'app.ts': [
        [SESSION, ''],
        [NOT_FOUND, SESSION + NOT_FOUND],
      ],
    },
    '1.1',
    'mounted after the route',
  ),
  wrong(
    'the routes use a session that nobody mounted',
    { 'app.ts': [[SESSION, '']] },
    '1.1',
    'req.session is undefined',
  ),
  wrong(
    'saveUninitialized: true gives everyone a session',
    { 'app.ts': [['saveUninitialized: false', 'saveUninitialized: true']] },
    '1.4',
    'saveUninitialized: true stores a session for everyone',
  ),
  wrong(
    'the cart is a variable of the module, and the session remembers only that there was one',
    {
      'app.ts': [
        [CREATE, `let cart: { productId: string; quantity: number }[] = [];\n\n/** The shop. */\n${CREATE}`],
        [GET, 'cartLines(cart)'],
        [POST, 'cart = addToCart(cart, product.id);\n    req.session.cart = [];'],
      ],
    },
    '1.2',
    'others share it',
  ),
  wrong(
    'a Map keyed by IP address instead of a session',
    {
      'app.ts': [
        [
          CREATE,
          `const carts = new Map<string | undefined, { productId: string; quantity: number }[]>();\n\n${CREATE}`,
        ],
        [SESSION, ''],
        [GET, 'cartLines(carts.get(req.ip))'],
        [POST, 'carts.set(req.ip, addToCart(carts.get(req.ip), product.id));'],
        [
          'req.session.cart = removeFromCart(req.session.cart, req.body?.product);',
          'carts.set(req.ip, removeFromCart(carts.get(req.ip), req.body?.product));',
        ],
      ],
    },
    '1.1',
    'session() from express-session is not mounted',
  ),
  wrong(
    'each add starts from an empty cart',
    { 'app.ts': [['addToCart(req.session.cart, product.id)', 'addToCart([], product.id)']] },
    '1.2',
    'addToCart(req.session.cart',
  ),
  wrong(
    'the cart page never looks into the session',
    { 'app.ts': [[GET, 'cartLines(undefined)']] },
    '1.2',
    'the page shows none of it',
  ),
  wrong(
    'what is taken out is made, and not kept',
    {
      'app.ts': [
        [
          'req.session.cart = removeFromCart(req.session.cart, req.body?.product);',
          'removeFromCart(req.session.cart, req.body?.product);',
        ],
      ],
    },
    '1.2',
    'POST /cart/remove makes a cart too',
  ),
  wrong(
    'scripts in the page may read the cookie',
    {
      'app.ts': [
        ['saveUninitialized: false,', 'saveUninitialized: false,\n      cookie: { httpOnly: false },'],
      ],
    },
    '1.1',
    'Without HttpOnly',
  ),
  wrong(
    'the cart goes into a cookie, unsigned',
    {
      'app.ts': [
        [SESSION, ''],
        [
          GET,
          "cartLines(JSON.parse(decodeURIComponent(/cart=([^;]*)/.exec(req.headers.cookie ?? '')?.[1] ?? '[]')))",
        ],
        [
          POST,
          "res.cookie('cart', JSON.stringify(addToCart(JSON.parse(decodeURIComponent(/cart=([^;]*)/.exec(req.headers.cookie ?? '')?.[1] ?? '[]')), product.id)), { httpOnly: true });",
        ],
      ],
    },
    '1.1',
    'A route sets a cookie of its own',
  ),
  wrong(
    'the cookie gets another name',
    { 'app.ts': [['saveUninitialized: false,', "saveUninitialized: false,\n      name: 'sid',"]] },
    '1.1',
    'not called connect.sid',
  ),
  wrong(
    'sessions survive in a file',
    {
      'app.ts': [
        [
          "import session from 'express-session';",
          "import { existsSync, readFileSync, writeFileSync } from 'node:fs';\nimport { tmpdir } from 'node:os';\nimport { join } from 'node:path';\nimport session from 'express-session';",
        ],
        [
          CREATE,
          `/** Keeps the sessions of MemoryStore in a file beside the answer. */
class FileStore extends session.MemoryStore {
  readonly file = join(import.meta.dirname, 'sessions.json');
  constructor() {
    super();
    const kept = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
    Object.assign((this as unknown as { sessions: object }).sessions, kept);
  }
  override set(sid: string, data: session.SessionData, callback?: (err?: unknown) => void) {
    super.set(sid, data, (err) => {
      writeFileSync(this.file, JSON.stringify((this as unknown as { sessions: object }).sessions));
      callback?.(err);
    });
  }
}

${CREATE}`,
        ],
        ['saveUninitialized: false,', 'saveUninitialized: false,\n      store: new FileStore(),'],
      ],
    },
    '1.5',
    'outlived its process',
  ),
  ...cookieMistakes({
    from: '      saveUninitialized: false,\n',
    to: (option) => `      saveUninitialized: false,\n      cookie: { ${option} },\n`,
    unsent: '1.1',
    missing: '1.1',
    dropped: '1.2',
  }),
  wrong(
    'a maxAge that is no number',
    {
      'app.ts': [
        ['saveUninitialized: false,', 'saveUninitialized: false, cookie: { maxAge: Number(undefined) },'],
      ],
    },
    '1.1',
    'cookie.maxAge is NaN',
  ),
  wrong(
    'a Map in the session',
    {
      'app.ts': [
        [
          POST,
          'const cart = ((req.session as any).cart ??= new Map<string, number>());\n    cart.set(product.id, (cart.get(product.id) ?? 0) + 1);',
        ],
      ],
    },
    '1.2',
    'is a Map, and no store gives that back',
  ),
  wrong(
    'forms are read as JSON',
    { 'app.ts': [['express.urlencoded()', 'express.json()']] },
    '1.1',
    'nothing has read the form',
  ),
  wrong(
    'the session is replaced by an object',
    { 'app.ts': [[POST, 'req.session = { cart: addToCart(req.session.cart, product.id) } as never;']] },
    '1.1',
    'replaced by an object of the answer',
  ),
  wrong(
    'req.session is set to null before the redirect',
    { 'app.ts': [[POST, `${POST}\n    req.session = null as never;`]] },
    '1.1',
    'POST /cart had a req.session, and set it to null',
  ),
  wrong(
    'genid makes numbers',
    {
      'app.ts': [
        [
          'saveUninitialized: false,',
          'saveUninitialized: false,\n      genid: () => Math.random() as never,',
        ],
      ],
    },
    '1.1',
    'an ID that is no text',
  ),
  wrong(
    'SameSite is a word that there is not',
    {
      'app.ts': [
        [
          'saveUninitialized: false,',
          "saveUninitialized: false,\n      cookie: { sameSite: 'relaxed' as never },",
        ],
      ],
    },
    '1.1',
    'could not write its cookie: option sameSite is invalid',
  ),
  wrong(
    'the form is read below the routes',
    {
      'app.ts': [
        ['  app.use(express.urlencoded());\n', ''],
        [NOT_FOUND, `  app.use(express.urlencoded());\n${NOT_FOUND}`],
      ],
    },
    '1.1',
    'or express.urlencoded() stands below it',
  ),
  wrong(
    'the cookie ends in the past',
    {
      'app.ts': [
        ['saveUninitialized: false,', 'saveUninitialized: false,\n      cookie: { expires: new Date(0) },'],
      ],
    },
    '1.2',
    'The session cookie has ended when it comes',
  ),
  wrong(
    'a maxAge below zero',
    { 'app.ts': [['saveUninitialized: false,', 'saveUninitialized: false,\n      cookie: { maxAge: -1 },']] },
    '1.2',
    'maxAge is -1',
  ),
  wrong(
    'products go into the cart, as the catalogue has them',
    { 'app.ts': [[POST, 'req.session.cart = [...(req.session.cart ?? []), product as never];']] },
    '1.2',
    'knows items with productId and quantity',
  ),
  wrong(
    'genid gives everybody the same ID',
    {
      'app.ts': [
        [
          'saveUninitialized: false,',
          "saveUninitialized: false,\n      genid: () => 'the-session-of-everybody-in-town',",
        ],
      ],
    },
    '1.3',
    'were given the same session ID',
  ),
  right('session() below shopHeader, which looks when a page is rendered', {
    'app.ts': [[`${SESSION}  app.use(shopHeader);\n`, `  app.use(shopHeader);\n${SESSION}`]],
  }),
  right('session() is made first and mounted by name', {
    'app.ts': [
      [SESSION, '  app.use(sessions);\n'],
      [
        '  const app = express();\n',
        `  const app = express();\n  const sessions = session({\n    secret: config.sessionSecret,\n    resave: false,\n    saveUninitialized: false,\n  });\n`,
      ],
    ],
  }),
  right('the cart is changed in place', {
    'app.ts': [
      [
        POST,
        `req.session.cart ??= [];
    const item = req.session.cart.find(({ productId }) => productId === product.id);
    if (item) item.quantity += 1;
    else req.session.cart.push({ productId: product.id, quantity: 1 });`,
      ],
    ],
  }),
  right('an arrow function, the routes in a Router, and the redirect left to express-session', {
    'app.ts': `import express, { type Express, Router } from 'express';
import session from 'express-session';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import type { ShopConfig } from '#shop/config.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';

export const createApp = ({ sessionSecret }: ShopConfig): Express => {
  const app = express();
  app.use(session({ secret: sessionSecret, resave: false, saveUninitialized: false }));
  shopViews(app);
  app.use(shopHeader);
  const routes = Router();
  routes.use(express.urlencoded({ extended: true }));
  routes.get('/', (_req, res) => res.render('shop', { products: catalogue }));
  routes
    .route('/cart')
    .get((req, res) => res.render('cart', { lines: cartLines(req.session.cart) }))
    .post((req, res) => {
      const product = findProduct(req.body.product);
      if (product) req.session.cart = addToCart(req.session.cart, product.id);
      res.redirect('/cart');
    });
  routes.post('/cart/remove', (req, res) => {
    req.session.cart = removeFromCart(req.session.cart, req.body.product);
    res.redirect('/cart');
  });
  app.use(routes, notFoundPage, errorPage);
  return app;
};
`,
  }),
  right('JavaScript as it was once written: var, require, function, no types', {
    'app.ts': `import { createRequire } from 'node:module';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';

var require = createRequire(import.meta.url);
var express = require('express');
var session = require('express-session');

function createApp(config) {
  var app = express();
  app.use(express.json());
  app.use(express.urlencoded({ extended: false }));
  app.use(session({ secret: config.sessionSecret, resave: true, saveUninitialized: false }));
  shopViews(app);
  app.use(shopHeader);
  app.get('/', function (req, res) {
    res.render('shop', { products: catalogue });
  });
  app.get('/cart', function (req, res) {
    var cart = req.session.cart || [];
    res.render('cart', { lines: cartLines(cart) });
  });
  app.post('/cart', function (req, res) {
    if (findProduct(req.body.product)) {
      req.session.cart = addToCart(req.session.cart || [], req.body.product);
    }
    res.redirect('/cart');
  });
  app.post('/cart/remove', function (req, res) {
    req.session.cart = removeFromCart(req.session.cart, req.body.product);
    res.redirect('/cart');
  });
  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}

export { createApp };
`,
  }),
  right('a class, and its method gives a cart to each request', {
    'app.ts': `import express, { type Request } from 'express';
import session from 'express-session';
import { addToCart, type CartItem, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import type { ShopConfig } from '#shop/config.ts';
import { saveThenRedirect } from '#shop/redirect.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';

class Cart {
  readonly #session: Request['session'];
  constructor({ session }: Request) {
    this.#session = session;
  }
  get items(): CartItem[] {
    return this.#session.cart ?? [];
  }
  set items(items: CartItem[]) {
    this.#session.cart = items;
  }
}

class Shop {
  readonly app = express();
  constructor({ sessionSecret: secret }: ShopConfig) {
    shopViews(this.app);
    const store = new session.MemoryStore();
    this.app.use([session({ secret, store, resave: false, saveUninitialized: false }), shopHeader]);
    this.app.get('/', (_req, res) => res.render('shop', { products: catalogue }));
    this.app.get('/cart', (req, res) => res.render('cart', { lines: cartLines(new Cart(req).items) }));
    this.app.post(/^\\/cart(\\/remove)?$/, express.urlencoded(), (req, res, next) => {
      const cart = new Cart(req);
      const product = findProduct(req.body.product);
      if (!product) return next();
      if (req.path === '/cart') cart.items = addToCart(cart.items, product.id);
      else cart.items = removeFromCart(cart.items, product.id);
      saveThenRedirect(req, res, next, '/cart');
    });
    this.app.use(notFoundPage, errorPage);
  }
}

export const createApp = (config: ShopConfig) => new Shop(config).app;
`,
  }),
  wrong(
    'session is mounted, and not called',
    { 'app.ts': [[SESSION, '  app.use(session as any);\n']] },
    '1.1',
    'It makes one when it is called',
  ),
  wrong(
    'session() is mounted for the pages of the cart alone',
    { 'app.ts': [['app.use(\n    session(', "app.use(\n    '/cart',\n    session("]] },
    '1.2',
    'session() is mounted on a path, or in front of some routes',
  ),
  wrong(
    'saveUninitialized is the text false',
    { 'app.ts': [['saveUninitialized: false', "saveUninitialized: 'false' as any"]] },
    '1.4',
    'saveUninitialized is "false", a text, and every text counts as true',
  ),
  wrong(
    'every request begins a new session',
    {
      'app.ts': [
        [
          '  app.use(shopHeader);',
          '  app.use((req, _res, next) => req.session.regenerate(next));\n  app.use(shopHeader);',
        ],
      ],
    },
    '1.2',
    'In GET /cart req.session.regenerate() is called',
  ),
  wrong(
    'the cart is looked for in cookies that nobody parsed',
    { 'app.ts': [[GET, 'cartLines((req as any).cookies.cart)']] },
    '1.2',
    '(req as any).cookies is undefined when this line asks for its cart',
  ),
  wrong(
    'the arguments of addToCart in the other order',
    {
      'app.ts': [
        [POST, POST.replace('req.session.cart, product.id', 'product.id as any, req.session.cart as any')],
      ],
    },
    '1.1',
    'the list of items first and the ID of the product second',
  ),
];
