import express, { type Express } from 'express';
import session from 'express-session';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import type { ShopConfig } from '#shop/config.ts';
import { saveThenRedirect } from '#shop/redirect.ts';
import { storeBench } from '#shop/store-bench.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';
import { createStore } from './store.ts';

/** The shop. It does not listen: whoever starts it chooses the port. */
export function createApp(config: ShopConfig): Express {
  const app = express();
  const store = createStore(config);

  // The order of these lines is the lesson: a request passes them from top to bottom.
  shopViews(app);
  app.use(express.urlencoded());
  app.use(
    session({
      // No store is named here, so carts still live in memory. Lesson 3 changes that.
      secret: config.sessionSecret,
      resave: false,
      saveUninitialized: false,
    }),
  );
  app.use(shopHeader);

  app.get('/', (_req, res) => {
    res.render('shop', { products: catalogue });
  });

  app.get('/cart', (req, res) => {
    res.render('cart', { lines: cartLines(req.session.cart) });
  });

  app.post('/cart', (req, res, next) => {
    const product = findProduct(req.body?.product);
    if (!product) {
      next();
      return;
    }
    req.session.cart = addToCart(req.session.cart, product.id);
    saveThenRedirect(req, res, next, '/cart');
  });

  app.post('/cart/remove', (req, res, next) => {
    req.session.cart = removeFromCart(req.session.cart, req.body?.product);
    saveThenRedirect(req, res, next, '/cart');
  });

  // A page to try the new store on, by hand: put a session in, read it, destroy it.
  app.use('/store', storeBench(store));

  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}
