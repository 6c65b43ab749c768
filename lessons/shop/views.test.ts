import express, { type Express } from 'express';
import session, { type SessionData, type Store } from 'express-session';
import request from 'supertest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addToCart, cartLines, removeFromCart } from './cart.ts';
import { catalogue, findProduct } from './catalogue.ts';
import { httpError } from './http-error.ts';
import { saveThenRedirect } from './redirect.ts';
import { demoLogins, findUser } from './users.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from './views.ts';
import { markOf } from './visit.ts';

interface Options {
  readonly store?: Store | undefined;
  /** The visitor's session data before the page is rendered. */
  readonly given?: Partial<SessionData>;
  readonly routes?: (app: Express) => void;
  readonly hasLogin?: boolean;
  readonly showsWay?: boolean;
  readonly instance?: string;
}

/** A shop like a lesson's. Without a store it has no session middleware, like lesson 1's starter. */
function shop({
  store,
  given,
  routes,
  hasLogin = false,
  showsWay = false,
  instance = '',
}: Options = {}): Express {
  const app = express();
  shopViews(app, { hasLogin, showsWay, instance });
  app.use(express.urlencoded({ extended: false }));
  if (store) app.use(session({ secret: 'for tests', resave: false, saveUninitialized: false, store }));
  app.use(shopHeader);
  if (given) app.use((req, _res, next) => next(void Object.assign(req.session, given)));
  routes?.(app);
  app.get('/', (_req, res) => res.render('shop', { products: catalogue }));
  app.get('/cart', (req, res) => res.render('cart', { lines: cartLines(req.session?.cart) }));
  app.post('/cart', (req, res, next) => {
    const product = findProduct(req.body?.product);
    if (!product) return next();
    if (req.session) req.session.cart = addToCart(req.session.cart, product.id);
    saveThenRedirect(req, res, next, '/cart');
  });
  app.post('/cart/remove', (req, res, next) => {
    req.session.cart = removeFromCart(req.session.cart, req.body?.product);
    saveThenRedirect(req, res, next, '/cart');
  });
  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}

/** Plays a store that keeps sessions outside the process. */
class ElsewhereStore extends session.Store {
  readonly collection: { namespace: string } | undefined;
  constructor(collection?: { namespace: string }) {
    super();
    this.collection = collection;
  }
  override get = (_id: string, done: (err: unknown, found: null) => void) => done(null, null);
  override set = () => {};
  override destroy = () => {};
}

const memory = () => new session.MemoryStore();
const hook = (html: string, name: string) => html.match(new RegExp(`${name}="([^"]*)"`))?.[1];

/** Hides what `errorPage` logs, so that a test can examine it. */
const muteErrors = () => vi.spyOn(console, 'error').mockReturnValue();
afterEach(() => vi.restoreAllMocks());

describe('without session middleware', () => {
  it('shows every product with a labelled button that posts its ID', async () => {
    const { text } = await request(shop()).get('/').expect(200);
    for (const { id, name } of catalogue) {
      expect(text).toContain(`name="product" value="${id}"`);
      expect(text).toContain(`aria-label="Add ${name} to cart"`);
    }
  });

  it('says that there is no session, and that nothing is kept anywhere', async () => {
    const { text } = await request(shop()).get('/');
    expect(text).toContain('No session yet');
    expect(hook(text, 'data-session')).toBe('');
    expect(hook(text, 'data-cart-count')).toBe('0');
    expect(hook(text, 'data-store')).toBe('nowhere');
    expect(text).toContain('nowhere yet: HTTP forgets');
  });

  it('redirects all the same', async () => {
    await request(shop()).post('/cart').type('form').send({ product: 'mug' }).expect(303);
  });
});

describe('with a session', () => {
  it('gives no cookie to a visitor about whom nothing is stored', async () => {
    const res = await request(shop({ store: memory() })).get('/');
    expect(res.headers['set-cookie']).toBeUndefined();
    expect(hook(res.text, 'data-session')).toBe('');
    expect(hook(res.text, 'data-store')).toBe('memory');
    expect(res.text).toContain('this process’s memory');
  });

  it('shows a cart, its numbers and the session it belongs to', async () => {
    const store = memory();
    const shopper = request.agent(shop({ store }));
    await shopper.post('/cart').type('form').send({ product: 'mug' }).expect(303).expect('Location', '/cart');
    await shopper.post('/cart').type('form').send({ product: 'mug' });
    await shopper.post('/cart').type('form').send({ product: 'teapot' });
    const { text } = await shopper.get('/cart').expect(200);

    expect(text).toContain('data-product="mug" data-quantity="2"');
    expect(text).toContain('data-product="teapot" data-quantity="1"');
    expect(text).toContain('$66.00');
    expect(hook(text, 'data-cart-count')).toBe('3');
    const id = hook(text, 'data-session') ?? '';
    expect(Object.keys((store as unknown as { sessions: object }).sessions)).toEqual([id]);
    expect(text).toContain(`title="${id}"`);
    expect(text).toContain(`>${id.slice(0, 6)}…<`);
  });

  it('shows an empty cart after the last thing is removed', async () => {
    const shopper = request.agent(shop({ store: memory() }));
    await shopper.post('/cart').type('form').send({ product: 'mug' });
    await shopper.post('/cart/remove').type('form').send({ product: 'mug' }).expect(303);
    const { text } = await shopper.get('/cart');
    expect(text).toContain('Your cart is empty');
    expect(text).not.toContain('data-product');
  });

  it('counts what a route stores just before it renders', async () => {
    const routes = (app: Express) =>
      app.get('/late', (req, res) => {
        req.session.cart = addToCart(undefined, 'mug');
        res.render('cart', { lines: cartLines(req.session.cart) });
      });
    const { text } = await request(shop({ store: memory(), routes })).get('/late');
    expect(hook(text, 'data-cart-count')).toBe('1');
    expect(hook(text, 'data-session')).not.toBe('');
  });

  it('names a shopper who is logged in, and nobody else', async () => {
    const ada = await request(shop({ store: memory(), given: { isLoggedIn: true, userId: 'u-ada' } })).get(
      '/',
    );
    expect(ada.text).toContain('Ada’s session');
    const stranger = await request(shop({ store: memory(), given: { userId: 'u-ada' } })).get('/');
    expect(stranger.text).toContain('Your session');
  });

  it('names the database and the collection of a MongoDB store', async () => {
    const store = new ElsewhereStore({ namespace: 'shop.sessions' });
    const { text } = await request(shop({ store })).get('/');
    expect(hook(text, 'data-store')).toBe('mongodb');
    expect(text).toContain('MongoDB, shop.sessions');
  });

  it('names a store it does not know by its class', async () => {
    const { text } = await request(shop({ store: new ElsewhereStore() })).get('/');
    expect(hook(text, 'data-store')).toBe('other');
    expect(text).toContain('ElsewhereStore');
  });

  it('escapes whatever a session holds', async () => {
    const routes = (app: Express) =>
      app.get('/flash', (_req, res) => {
        res.locals.flash = '<script>alert(1)</script>';
        res.render('problem', { title: '<b>"title"', message: '<i>message' });
      });
    const { text } = await request(shop({ store: memory(), routes })).get('/flash');
    expect(text).not.toMatch(/<script|<b>|<i>/);
    expect(text).toContain('&lt;script&gt;alert(1)');
  });
});

describe('with a login', () => {
  const routes = (app: Express) => {
    app.get('/login', (_req, res) => res.render('login', { email: '"><b>', problem: '<i>no' }));
    app.get('/account', (req, res) => res.render('account', { user: findUser(req.session.userId) }));
  };
  const given = { isLoggedIn: true, userId: 'u-ada' };

  it('offers it in the header, and does not before lesson 7', async () => {
    const { text } = await request(shop({ store: memory(), hasLogin: true })).get('/');
    expect(text).toContain('href="/login"');
    for (const options of [{}, { given }]) {
      const before = await request(shop({ store: memory(), ...options })).get('/');
      expect(before.text).not.toMatch(/href="\/(?:login|account)"|action="\/logout"/);
    }
  });

  it('offers a user the account and a form to log out', async () => {
    const { text } = await request(shop({ store: memory(), hasLogin: true, given })).get('/');
    expect(text).toContain('href="/account"');
    expect(text).toMatch(/<form method="post" action="\/logout">/);
    expect(text).not.toContain('href="/login"');
  });

  it('shows the demo logins, and what was typed and went wrong, escaped', async () => {
    const { text } = await request(shop({ store: memory(), hasLogin: true, routes })).get('/login');
    for (const { email, password } of Object.values(demoLogins)) {
      expect(text).toContain(email);
      expect(text).toContain(password);
    }
    expect(text).toContain('role="alert">&lt;i&gt;no');
    expect(text).not.toMatch(/<b>|<i>/);
  });

  it('shows whose account it is, and no hash; nobody’s is empty', async () => {
    const ada = await request(shop({ store: memory(), hasLogin: true, given, routes })).get('/account');
    expect(hook(ada.text, 'data-user')).toBe('u-ada');
    expect(ada.text).not.toContain('argon2');
    const nobody = await request(shop({ store: memory(), hasLogin: true, routes })).get('/account');
    expect(hook(nobody.text, 'data-user')).toBe('');
  });
});

describe('when something is wrong', () => {
  it('answers 404 for an unknown page and an unknown product', async () => {
    const app = shop({ store: memory() });
    expect((await request(app).get('/nowhere').expect(404)).text).toContain('Nothing on this shelf');
    await request(app).post('/cart').expect(404);
  });

  it('tells the shopper plain words and the developer the error', async () => {
    const log = muteErrors();
    const error = new Error('the till is on fire');
    const routes = (app: Express) => app.get('/boom', () => Promise.reject(error));
    const { text } = await request(shop({ routes })).get('/boom').expect(500);
    expect(text).toContain('Something broke behind the counter');
    expect(text).not.toMatch(/till is on fire|at .*\.ts/);
    expect(log).toHaveBeenCalledWith(error);
  });

  it('keeps the status of a request that was at fault itself', async () => {
    muteErrors();
    const tooLarge = { product: 'x'.repeat(200_000) };
    await request(shop()).post('/cart').type('form').send(tooLarge).expect(413);
  });

  it('reports a session that could not be saved, and does not redirect', async () => {
    muteErrors();
    const store = memory();
    store.set = (_id, _session, done) => done?.(new Error('the store is away'));
    const res = await request(shop({ store }))
      .post('/cart')
      .type('form')
      .send({ product: 'mug' })
      .expect(500);
    expect(res.headers.location).toBeUndefined();
  });

  it('stores nothing after a request that failed, and says when its memory is away', async () => {
    muteErrors();
    const store = memory();
    const set = vi
      .spyOn(store, 'set')
      .mockImplementation((_id, _session, done) => done?.(httpError(503, 'the store is away')));
    const res = await request(shop({ store }))
      .post('/cart')
      .type('form')
      .send({ product: 'mug' })
      .expect(503);
    expect(res.text).toContain('The shop cannot reach its memory');
    expect(hook(res.text, 'data-cart-count')).toBe('0');
    expect(res.headers['retry-after']).toBeDefined();
    expect(res.headers['set-cookie']).toBeUndefined();
    expect(set).toHaveBeenCalledTimes(1);
  });

  it('falls back on words when the page itself cannot be rendered', async () => {
    muteErrors();
    const routes = (app: Express) =>
      app.get('/breaks', (_req, res) => {
        res.locals.visit = () => {
          throw new Error('the header breaks');
        };
        throw new Error('the page breaks');
      });
    const { text } = await request(shop({ store: memory(), routes }))
      .get('/breaks')
      .expect(500);
    expect(text).toBe('Something broke behind the counter');
  });
});

describe('what every page has', () => {
  it('names the process that served it', async () => {
    const { text } = await request(shop()).get('/');
    expect(hook(text, 'data-pid')).toBe(String(process.pid));
    expect(text).toMatch(/started <time>\d\d:\d\d:\d\d</);
  });

  it('names the instance that served it, where there are several', async () => {
    expect(hook((await request(shop({ instance: 'B' })).get('/')).text, 'data-instance')).toBe('B');
    expect(hook((await request(shop()).get('/')).text, 'data-instance')).toBeUndefined();
  });

  it('says how and from where a request came, where a lesson is about that', async () => {
    const { text } = await request(shop({ showsWay: true })).get('/');
    expect(hook(text, 'data-protocol')).toBe('http');
    expect(hook(text, 'data-ip')).toMatch(/127\.0\.0\.1$/);
    expect(hook((await request(shop()).get('/')).text, 'data-protocol')).toBeUndefined();
  });

  it('comes without scripts and without anything from elsewhere', async () => {
    for (const path of ['/', '/cart', '/nowhere']) {
      const { text } = await request(shop()).get(path);
      expect(text).not.toMatch(/<script|https?:/);
    }
  });

  it('has a stylesheet and pictures that are never stale, and never need a session', async () => {
    const store = memory();
    const get = vi.spyOn(store, 'get');
    const visitor = request(shop({ store }));
    await visitor
      .get('/shop.css')
      .set('Cookie', 'connect.sid=x')
      .expect(200)
      .expect('Cache-Control', 'no-cache');
    await visitor.get('/products/mug.svg').expect(200).expect('Content-Type', /svg/);
    expect(get).not.toHaveBeenCalled();
  });
});

it('draws the same mark for the same ID, and another for another', () => {
  expect(markOf('one')).toEqual(markOf('one'));
  expect(markOf('one')).not.toEqual(markOf('two'));
});

describe('a session that holds something odd', () => {
  it.each([null, 'three mugs', { mug: 3 }, 7])(
    'does not break the page that says what went wrong: %j',
    async (cart) => {
      const said = vi.spyOn(console, 'error').mockImplementation(() => {});
      const routes = (app: Express) => app.get('/breaks', () => Promise.reject(new Error('the first error')));
      const given = { cart } as unknown as Partial<SessionData>;
      const broken = shop({ store: new session.MemoryStore(), given, routes });
      const { text } = await request(broken).get('/breaks').expect(500);
      expect(text).toContain('Something broke behind the counter');
      expect(text).toContain('data-cart-count="0"');
      expect(said).toHaveBeenCalledOnce();
      said.mockRestore();
    },
  );
});
