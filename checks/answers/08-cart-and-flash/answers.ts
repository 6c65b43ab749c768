import { cookieMistakes } from '#checks/support/cookie-mistakes.ts';
import { right, wrong } from '#grader/check/recorded.ts';

const ADD = '    req.session.cart = addToCart(req.session.cart, product.id);\n';
const MESSAGE = '    req.session.flash = `$' + '{product.name}: it is in your cart.`;\n';
const ADD_AND_MESSAGE = `${ADD}${MESSAGE}`;
const SAVE_AND_REDIRECT = "    await save(req);\n    res.redirect(303, '/cart');\n";
const REDIRECT_AFTER_ADD = `${MESSAGE}${SAVE_AND_REDIRECT}`;
const TAKE = `  const { flash } = req.session;
  delete req.session.flash;
  return flash;
`;
const CART = '  const cart = req.session.isLoggedIn ? undefined : req.session.cart;\n';
const KEEP_CART = '  if (cart) req.session.cart = cart;\n';
const REGENERATE = '  await regenerate(req);\n';
const LOG_OUT = `  await destroy(req);
  // destroy() tells the browser nothing. The cookie goes when its name and path are the same.
  res.clearCookie('connect.sid');
  res.redirect(303, '/');
`;
const HEADER = '  app.use(shopHeader);\n';
const IN_CART_PAGE = 'lines: cartLines(req.session.cart), flash: takeFlash(req)';
const IN_SHOP_PAGE = '{ products: catalogue, flash: takeFlash(req) }';

export default [
  wrong(
    'the message is a promise that nobody awaits',
    {
      'app.ts': [
        [
          '  delete req.session.flash;\n  return flash;\n',
          '  delete req.session.flash;\n  return Promise.resolve(flash) as any;\n',
        ],
      ],
    },
    '8.4',
    'The page was given a promise as its message',
  ),
  wrong(
    'the message is a product',
    {
      'app.ts': [
        ['req.session.flash = `${product.name}: it is in your cart.`', 'req.session.flash = product as any'],
      ],
    },
    '8.4',
    'The page was given an object as its message',
  ),
  wrong(
    'each page saves the session',
    { 'app.ts': [['  delete req.session.flash;\n', '  delete req.session.flash;\n  req.session.save();\n']] },
    '8.5',
    'GET / calls req.session.save()',
  ),
  wrong(
    'the message is made after the save',
    { 'app.ts': [[REDIRECT_AFTER_ADD, `    await save(req);\n${MESSAGE}    res.redirect(303, '/cart');\n`]] },
    '8.6',
    'the session was saved first, and changed after that',
  ),
  wrong(
    'the cart comes into the new session after the save',
    { 'auth.ts': [[`${KEEP_CART}  await save(req);\n`, `  await save(req);\n${KEEP_CART}`]] },
    '8.6',
    'the session was saved first, and changed after that',
  ),
  wrong(
    "the cart of a user comes along, and a visitor's does not",
    { 'auth.ts': [[CART, '  const cart = req.session.isLoggedIn ? req.session.cart : undefined;\n']] },
    '8.2',
    'the condition is the wrong way round',
  ),
  wrong(
    'the login page shows no message',
    { 'app.ts': [["res.render('login', { flash: takeFlash(req) })", "res.render('login')"]] },
    '8.4',
    'The message is still in the session: GET /login does not show it',
  ),
  wrong(
    'the cart has names for IDs',
    { 'app.ts': [[ADD, '    req.session.cart = addToCart(req.session.cart, product.name);\n']] },
    '8.1',
    "The product's name went into the session",
  ),
  wrong(
    'the message is taken by setting it to undefined',
    {
      'app.ts': [
        [
          TAKE,
          '  const { flash } = req.session as any;\n  (req.session as any).flash = undefined;\n  return flash;\n',
        ],
      ],
    },
    '8.5',
    'flash = undefined is a change, which MongoDB keeps as null',
  ),
  wrong(
    'the form is answered with the cart page, which takes the message',
    {
      'app.ts': [
        [
          REDIRECT_AFTER_ADD,
          `${MESSAGE}    await save(req);\n    res.render('cart', { lines: cartLines(req.session.cart), flash: takeFlash(req) });\n`,
        ],
      ],
    },
    '8.4',
    'was answered with a page, which took the message',
  ),
  wrong(
    'the message is put into res.locals',
    { 'app.ts': [[MESSAGE, MESSAGE.replace('req.session.flash', 'res.locals.flash')]] },
    '8.4',
    'put no message into its session',
  ),
  wrong(
    'the cart is a Map',
    {
      'app.ts': [
        [
          ADD,
          '    const items = new Map((req.session.cart as any) ?? []);\n    items.set(product.id, Number(items.get(product.id) ?? 0) + 1);\n    req.session.cart = items as any;\n',
        ],
      ],
    },
    '8.1',
    'req.session.cart is a Map',
  ),
  wrong(
    'the first product is pushed to a cart that is not there',
    { 'app.ts': [[ADD, '    (req.session as any).cart.push({ productId: product.id, quantity: 1 });\n']] },
    '8.1',
    '.cart is undefined when this line asks for its push',
  ),
  wrong(
    'the whole product goes into the cart',
    {
      'app.ts': [
        [
          ADD,
          `    const cart = req.session.cart ?? [];
    const item = cart.find(({ productId }) => productId === product.id);
    if (item) item.quantity += 1;
    else cart.push({ ...product, productId: product.id, quantity: 1 });
    req.session.cart = cart;
`,
        ],
      ],
    },
    '8.1',
    'price went into the session',
  ),
  wrong(
    'the price goes into the cart, in dollars',
    {
      'app.ts': [
        [
          ADD,
          `${ADD}    for (const item of req.session.cart)
      Object.assign(item, { price: (findProduct(item.productId)?.priceInCents ?? 0) / 100 });
`,
        ],
      ],
    },
    '8.1',
    'price went into the session',
  ),
  wrong(
    'a total beside the items, as the page shows it',
    {
      'app.ts': [
        [
          ADD,
          `${ADD}    Object.assign(req.session.cart[0] ?? {}, { shown: formatPrice(product.priceInCents) });\n`,
        ],
        ['import { catalogue, findProduct }', 'import { catalogue, findProduct, formatPrice }'],
      ],
    },
    '8.1',
    'price went into the session',
  ),
  wrong(
    'each add begins a new cart',
    { 'app.ts': [['addToCart(req.session.cart, product.id)', 'addToCart(undefined, product.id)']] },
    '8.1',
    'does each add build on req.session.cart',
  ),
  wrong(
    'the cart is lost at the login',
    { 'auth.ts': [[KEEP_CART, '']] },
    '8.2',
    'regenerate() makes an empty session',
  ),
  wrong(
    'the cart is read after regenerate, where the session is the new one',
    {
      'auth.ts': [[KEEP_CART, '  const { cart: old } = req.session;\n  if (old) req.session.cart = old;\n']],
    },
    '8.2',
    'Keep the cart in a constant before it',
  ),
  wrong(
    'the cart comes along because nothing is regenerated',
    { 'auth.ts': [[REGENERATE, '']] },
    '8.2',
    'session fixation',
  ),
  wrong(
    "another user's cart is carried over, too",
    { 'auth.ts': [[CART, '  const { cart } = req.session;\n']] },
    '8.3',
    "Grace has Ada's teapot",
  ),
  wrong(
    'everything in the old session is carried over',
    {
      'auth.ts': [
        [CART, '  const { cookie, ...old } = req.session;\n'],
        [KEEP_CART, ''],
        [
          '  req.session.isLoggedIn = true;\n',
          '  Object.assign(req.session, old);\n  req.session.isLoggedIn = true;\n',
        ],
      ],
    },
    '8.3',
    "Grace has Ada's teapot",
  ),
  wrong(
    'the cart stays when its user logs out',
    {
      'auth.ts': [
        [
          LOG_OUT,
          `  const old = req.session.cart;
${REGENERATE}  if (old) req.session.cart = old;
  await save(req);
  res.redirect(303, '/');
`,
        ],
      ],
    },
    '8.3',
    'left her cart to the next one',
  ),
  wrong(
    'the message is kept in app.locals',
    {
      'app.ts': [
        [MESSAGE, MESSAGE.replace('req.session.flash', 'app.locals.message')],
        [
          TAKE,
          '  const { message } = req.app.locals;\n  req.app.locals.message = undefined;\n  return message;\n',
        ],
      ],
    },
    '8.4',
    'Ben read the message for Ann',
  ),
  wrong(
    'the message is never forgotten',
    { 'app.ts': [['  delete req.session.flash;\n', '']] },
    '8.4',
    'The message is shown again',
  ),
  wrong(
    'the message is forgotten when the page has been sent',
    {
      'app.ts': [
        [
          '  delete req.session.flash;\n',
          "  req.res?.once('finish', () => {\n    delete req.session.flash;\n  });\n",
        ],
      ],
    },
    '8.4',
    'The message is shown again',
  ),
  wrong(
    'the message is not passed to the cart page',
    {
      'app.ts': [[IN_CART_PAGE, 'lines: cartLines(req.session.cart)']],
    },
    '8.4',
    'the next page does not show it',
  ),
  wrong(
    'a middleware takes the message on every GET, redirects too',
    {
      'app.ts': [
        [
          HEADER,
          `${HEADER}  app.use((req, res, next) => {
    if (req.method === 'GET') res.locals.message = takeFlash(req);
    next();
  });
`,
        ],
        [IN_SHOP_PAGE, '{ products: catalogue, flash: res.locals.message }'],
        [IN_CART_PAGE, 'lines: cartLines(req.session.cart), flash: res.locals.message'],
        [
          "res.render('login', { flash: takeFlash(req) })",
          "res.render('login', { flash: res.locals.message })",
        ],
      ],
    },
    '8.4',
    'A request that only redirected took the message',
  ),
  wrong(
    'reading leaves an empty message',
    { 'app.ts': [['  delete req.session.flash;\n', "  req.session.flash = '';\n"]] },
    '8.5',
    'Reading the message wrote one',
  ),
  wrong(
    'every session gets a list of messages',
    {
      'app.ts': [
        [
          HEADER,
          `${HEADER}  app.use((req, _res, next) => {\n    Object.assign(req.session, { messages: [] });\n    next();\n  });\n`,
        ],
      ],
    },
    '8.5',
    'Reading the message wrote one',
  ),
  wrong(
    'the time of the look is noted in sessions that are there already',
    {
      'app.ts': [
        [
          TAKE,
          `${TAKE.replace('  return flash;\n', '')}  if (req.session.cart) Object.assign(req.session, { seen: Date.now() });\n  return flash;\n`,
        ],
      ],
    },
    '8.5',
    'the session was changed all the same',
  ),
  wrong(
    'the redirect after an add does not wait',
    { 'app.ts': [[REDIRECT_AFTER_ADD, `${MESSAGE}    res.redirect(303, '/cart');\n`]] },
    '8.6',
    'before MongoDB had the session',
  ),
  wrong(
    'the redirect after a removal does not wait',
    {
      'app.ts': [
        [
          `    req.session.flash = 'It is out of your cart.';\n${SAVE_AND_REDIRECT}`,
          "    req.session.flash = 'It is out of your cart.';\n    req.session.save();\n    res.redirect('/cart');\n",
        ],
      ],
    },
    '8.6',
    'before MongoDB had the session',
  ),
  ...cookieMistakes({
    from: '      saveUninitialized: false,\n',
    to: (option) => `      saveUninitialized: false,\n      cookie: { ${option} },\n`,
    unsent: '8.1',
    missing: '8.1',
    dropped: '8.1',
  }),
  wrong(
    'a maxAge that is no number',
    {
      'app.ts': [
        ['saveUninitialized: false,', 'saveUninitialized: false, cookie: { maxAge: Number(undefined) },'],
      ],
    },
    '8.1',
    'cookie.maxAge is NaN',
  ),
  wrong(
    'forms are not read',
    { 'app.ts': [['  app.use(express.urlencoded());\n', '']] },
    '8.1',
    'nothing has read the form',
  ),
  wrong(
    'no cart is written down as undefined',
    { 'auth.ts': [['  if (cart) req.session.cart = cart;', '  req.session.cart = cart as never;']] },
    '8.3',
    'MongoDB keeps that as null',
  ),
  wrong(
    'the save after an add is called, and not waited for',
    { 'app.ts': [['is in your cart.`;\n    await save(req);', 'is in your cart.`;\n    save(req);']] },
    '8.6',
    'The redirect left before MongoDB had the session',
  ),
  wrong(
    'the flags are set before regenerate',
    {
      'auth.ts': [
        ['  req.session.isLoggedIn = true;\n  req.session.userId = user.id;\n', ''],
        [REGENERATE, `  req.session.isLoggedIn = true;\n  req.session.userId = user.id;\n${REGENERATE}`],
      ],
    },
    '8.3',
    'There was a login, and the document does not say so',
  ),
  wrong(
    'the cart leads to a page that is not there',
    { 'app.ts': [[REDIRECT_AFTER_ADD, REDIRECT_AFTER_ADD.replace("'/cart'", "'/basket'")]] },
    '8.4',
    'redirects to /basket, and the shop has no page there',
  ),
  wrong('an add makes no message', { 'app.ts': [[MESSAGE, '']] }, '8.4', 'put no message into its session'),
  wrong(
    'saveUninitialized is left out',
    { 'app.ts': [['      saveUninitialized: false,\n', '']] },
    '8.5',
    'saveUninitialized was left out, and its default is true',
  ),
  wrong(
    'resave is left out',
    { 'app.ts': [['      resave: false,\n', '']] },
    '8.5',
    'resave was left out, and its default is true',
  ),
  right('messages in a list, under another name', {
    'app.ts': [
      [MESSAGE, '    Object.assign(req.session, { messages: [`$' + '{product.name} added`] });\n'],
      [
        TAKE,
        `  const session: { messages?: string[] } = req.session as object;
  const { messages } = session;
  if (messages) delete session.messages;
  return messages?.join(' ');
`,
      ],
    ],
  }),
  right('a middleware takes the message, in front of the pages that show it', {
    'app.ts': [
      [
        HEADER,
        `${HEADER}  app.get(['/', '/cart', '/login'], (req, res, next) => {
    res.locals.flash = takeFlash(req);
    next();
  });
`,
      ],
      [IN_SHOP_PAGE, '{ products: catalogue }'],
      [IN_CART_PAGE, 'lines: cartLines(req.session.cart)'],
      ["res.render('login', { flash: takeFlash(req) })", "res.render('login')"],
    ],
  }),
  right('a cart changed in place, and save written out', {
    'app.ts': [
      [
        ADD_AND_MESSAGE,
        `    req.session.cart ??= [];
    const item = req.session.cart.find(({ productId }) => productId === product.id);
    if (item) item.quantity += 1;
    else req.session.cart.push({ productId: product.id, quantity: 1 });
    req.session.flash = 'Added.';
    req.session.save((error) => (error ? next(error) : res.redirect('/cart')));
    return;
`,
      ],
    ],
  }),
  right('a cart that the same user keeps at a second login', {
    'auth.ts': [
      [
        CART,
        `  const { cart: before, userId = user.id } = req.session;
  const cart = userId === user.id ? before : undefined;
`,
      ],
    ],
  }),
  right('the message is set to null when there was one', {
    'app.ts': [
      ['  delete req.session.flash;\n', '  if (flash) req.session.flash = null as never;\n'],
      ['  return flash;\n', '  return flash ?? undefined;\n'],
    ],
  }),
  wrong(
    'a quantity is text',
    {
      'app.ts': [
        [
          'req.session.cart = addToCart(req.session.cart, product.id);',
          'req.session.cart = addToCart(req.session.cart, product.id).map((item) => ({ ...item, quantity: String(item.quantity) })) as any;',
        ],
      ],
    },
    '8.1',
    'A quantity is a text',
  ),
  wrong(
    'the last product is kept beside the cart',
    {
      'app.ts': [
        [
          'req.session.cart = addToCart(req.session.cart, product.id);',
          'req.session.cart = addToCart(req.session.cart, product.id);\n    (req.session as any).lastAdded = product;',
        ],
      ],
    },
    '8.1',
    'A product went into the session beside the cart, as lastAdded',
  ),
  wrong(
    'carts of users in app.locals, copied into the session',
    {
      'app.ts': [
        [
          'req.session.cart = addToCart(req.session.cart, product.id);',
          `const carts = (app.locals.carts ??= {});
    const owner = req.session.userId ?? 'guest';
    req.session.cart = carts[owner] = addToCart(carts[owner], product.id);`,
        ],
      ],
    },
    '8.2',
    'There is more in the cart than Ann put there',
  ),
  wrong(
    'the session is saved before the cart is in it',
    {
      'app.ts': [
        [
          `    req.session.cart = addToCart(req.session.cart, product.id);
    req.session.flash = \`\${product.name}: it is in your cart.\`;
    await save(req);
`,
          `    await save(req);
    req.session.cart = addToCart(req.session.cart, product.id);
    req.session.flash = \`\${product.name}: it is in your cart.\`;
`,
        ],
      ],
    },
    '8.6',
    'the session was saved first, and changed after that',
  ),
];
