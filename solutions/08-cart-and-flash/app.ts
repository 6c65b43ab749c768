import express, { type Express, type Request } from 'express';
import session from 'express-session';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import type { ShopConfig } from '#shop/config.ts';
import { save } from '#shop/session-promises.ts';
import { findUser } from '#shop/users.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';
import { logIn, logOut, requireLogin } from './auth.ts';
import { createStore } from './store.ts';

/** The shop. It does not listen: whoever starts it chooses the port. */
export function createApp(config: ShopConfig): Express {
  const app = express();
  const store = createStore(config);

  // The order of these lines is the lesson: a request passes them from top to bottom.
  shopViews(app, { hasLogin: true });
  app.use(express.urlencoded());
  app.use(
    session({
      secret: config.sessionSecret,
      resave: false,
      saveUninitialized: false,
      store,
    }),
  );
  app.use(shopHeader);

  app.get('/', (req, res) => {
    res.render('shop', { products: catalogue, flash: takeFlash(req) });
  });

  app.get('/cart', (req, res) => {
    res.render('cart', { lines: cartLines(req.session.cart), flash: takeFlash(req) });
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

  app.get('/login', (req, res) => {
    res.render('login', { flash: takeFlash(req) });
  });

  app.post('/login', logIn);
  app.post('/logout', logOut);

  app.get('/account', requireLogin, (req, res) => {
    res.render('account', { user: findUser(req.session.userId), flash: takeFlash(req) });
  });

  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}

/** The message for this page. Taking it forgets it; a session without one stays as it is. */
function takeFlash(req: Request): string | undefined {
  const { flash } = req.session;
  delete req.session.flash;
  return flash;
}
