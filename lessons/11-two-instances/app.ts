import type { Server } from 'node:http';
import express, { type CookieOptions, type Express, type Request } from 'express';
import session from 'express-session';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import type { ShopConfig } from '#shop/config.ts';
import { save } from '#shop/session-promises.ts';
import { findUser } from '#shop/users.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';
import { logIn, logOut, requireLogin } from './auth.ts';
import { shutDown } from './shutdown.ts';
import { createStore } from './store.ts';

/** A session ends when its shopper was not seen for this long, in milliseconds … */
const IDLE_LIMIT = 30 * 60 * 1000;
/** … and a login ends after this long, however much its shopper does. */
const ABSOLUTE_LIMIT = 8 * 60 * 60 * 1000;

/** An instance of the shop, and how it closes. */
export type Instance = Express & { shutDown(server: Server): Promise<void> };

/** The shop. It does not listen: whoever starts it chooses the port, and has it shut down. */
export function createApp(config: ShopConfig): Instance {
  const app = express();
  const store = createStore(config);
  const { behindProxy = false, previousSecrets = [] } = config;
  // A browser takes a __Host- cookie only when it is Secure, so by plain http the name has to do without.
  const cookieName = behindProxy ? '__Host-shop' : 'shop';
  const cookieFlags: CookieOptions = { httpOnly: true, sameSite: 'lax', secure: behindProxy };

  // One proxy, and it is ours. `true` would believe whatever a stranger has put in front of it.
  app.set('trust proxy', behindProxy ? 1 : false);

  // The order of these lines is the lesson: a request passes them from top to bottom.
  shopViews(app, { hasLogin: true, instance: config.instance ?? '' });
  app.use(express.urlencoded());
  app.use(
    session({
      name: cookieName,
      // The first one signs, all of them open: nobody is logged out by a new secret.
      secret: [config.sessionSecret, ...previousSecrets],
      resave: false,
      saveUninitialized: false,
      // TODO: sessions that every instance knows
      // The cookie is sent again with every response, and its end moves. The document's end is moved by store.touch.
      rolling: true,
      cookie: { ...cookieFlags, maxAge: IDLE_LIMIT },
    }),
  );
  app.use((req, _res, next) => {
    // Cookie and document both take their end from here, so neither goes beyond the absolute limit.
    const { loggedInAt = Date.now() } = req.session;
    req.session.cookie.maxAge = Math.min(IDLE_LIMIT, loggedInAt + ABSOLUTE_LIMIT - Date.now());
    next();
  });
  app.use(shopHeader);

  app.get('/', (req, res) => {
    res.render('shop', { products: catalogue, flash: takeFlash(req) });
  });

  app.get('/cart', (req, res) => {
    const { cart, packingNote: note = '' } = req.session;
    res.render('cart', { lines: cartLines(cart), note, flash: takeFlash(req) });
  });

  app.post('/cart', async (req, res, next) => {
    const product = findProduct(req.body?.product);
    if (!product) {
      next();
      return;
    }
    req.session.cart = addToCart(req.session.cart, product.id);
    req.session.flash = `${product.name}: it is in your cart.`;
    await save(req);
    res.redirect(303, '/cart');
  });

  app.post('/cart/remove', async (req, res) => {
    req.session.cart = removeFromCart(req.session.cart, req.body?.product);
    req.session.flash = 'It is out of your cart.';
    await save(req);
    res.redirect(303, '/cart');
  });

  app.post('/cart/note', async (req, res) => {
    req.session.packingNote = String(req.body?.note ?? '');
    req.session.flash = 'Your note is with your cart.';
    await save(req);
    res.redirect(303, '/cart');
  });

  app.get('/login', (req, res) => {
    res.render('login', { flash: takeFlash(req) });
  });

  app.post('/login', logIn);
  app.post('/logout', logOut(cookieName, cookieFlags));

  app.get('/account', requireLogin, (req, res) => {
    res.render('account', { user: findUser(req.session.userId), flash: takeFlash(req) });
  });

  app.use(notFoundPage);
  app.use(errorPage);
  return Object.assign(app, { shutDown: (server: Server) => shutDown(server, store) });
}

/** The message for this page. Taking it forgets it; a session without one stays as it is. */
function takeFlash(req: Request): string | undefined {
  const { flash } = req.session;
  delete req.session.flash;
  return flash;
}
