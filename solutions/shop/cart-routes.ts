import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { SessionData } from 'express-session';
import { addToCart, type CartItem, cartLines, removeFromCart } from '#shop/cart.ts';
import { catalogue, findProduct } from '#shop/catalogue.ts';
import { showPage } from './pages.ts';
import { saveThenRedirect } from './session-life.ts';

/** The shelf and the cart, with or without a login. */
export function cartRoutes(): Router {
  const router = Router();

  router.get('/', (req, res) => {
    showPage(req, res, 'shelf', { products: catalogue });
  });

  router.get('/cart', (req, res) => {
    const { cart, orderKey, packingNote = '' } = req.session;
    showPage(req, res, 'cart', { lines: cartLines(cart), orderKey, note: packingNote });
  });

  router.post('/cart', async (req, res, next) => {
    const product = findProduct(req.body?.product);
    if (!product) {
      next();
      return;
    }
    changeCart(req.session, addToCart(req.session.cart, product.id));
    req.session.flash = `${product.name}: it is in your cart.`;
    await saveThenRedirect(req, res, '/cart');
  });

  router.post('/cart/remove', async (req, res) => {
    const { cart = [] } = req.session;
    const left = removeFromCart(cart, req.body?.product);
    // Nothing was removed, so nothing is stored: a visitor without a cart gets no session.
    if (left.length === cart.length) {
      res.redirect(303, '/cart');
      return;
    }
    changeCart(req.session, left);
    req.session.flash = 'It is out of your cart.';
    await saveThenRedirect(req, res, '/cart');
  });

  router.post('/cart/note', async (req, res) => {
    req.session.packingNote = String(req.body?.note ?? '');
    req.session.flash = 'Your note is with your cart.';
    await saveThenRedirect(req, res, '/cart');
  });

  return router;
}

/** Changes the cart and gives it a new key. So an order is of the cart that was shown, and each cart is ordered once. */
function changeCart(session: Partial<SessionData>, cart: CartItem[]): void {
  session.cart = cart;
  session.orderKey = randomUUID();
}
