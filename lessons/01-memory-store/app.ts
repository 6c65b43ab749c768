import express, { type Express } from 'express';
import { addToCart, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import type { ShopConfig } from '#shop/config.ts';
import { saveThenRedirect } from '#shop/redirect.ts';
import { errorPage, notFoundPage, shopHeader, shopViews } from '#shop/views.ts';

/** The shop. It does not listen: whoever starts it chooses the port. */
export function createApp(_config: ShopConfig): Express {
  const app = express();

  // The order of these lines is the lesson: a request passes them from top to bottom.
  shopViews(app);
  app.use(express.urlencoded());
  // TODO: give every shopper a session
  app.use(shopHeader);

  app.get('/', (_req, res) => {
    res.render('shop', { products: catalogue });
  });

  app.get('/cart', (_req, res) => {
    // TODO: show this shopper's cart
    const cart = undefined;
    res.render('cart', { lines: cartLines(cart) });
  });

  app.post('/cart', (req, res, next) => {
    const product = findProduct(req.body?.product);
    if (!product) {
      next();
      return;
    }
    // TODO: remember the new cart. Here it is made, and forgotten with the request
    addToCart(undefined, product.id);
    saveThenRedirect(req, res, next, '/cart');
  });

  app.post('/cart/remove', (req, res, next) => {
    // TODO: remember this cart too
    removeFromCart(undefined, req.body?.product);
    saveThenRedirect(req, res, next, '/cart');
  });

  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}
