import { Router } from 'express';
import { cartLines } from '#shop/cart.ts';
import type { Orders } from './orders.ts';
import { showPage } from './pages.ts';
import { requireLogin, userIdOf } from './require-login.ts';
import { saveThenRedirect } from './session-life.ts';

/** From the cart to an order, and earlier orders. */
export function checkoutRoutes(orders: Orders): Router {
  const router = Router();

  router.post('/checkout', requireLogin, async (req, res) => {
    const userId = userIdOf(req);
    const key = req.body?.order;
    const lines = cartLines(req.session.cart);

    if (key === req.session.orderKey && lines.length > 0) {
      // The order first, then the cart. If the cart stays, the next press finds the order and empties the cart.
      await orders.place(key, userId, lines, req.session.packingNote);
      delete req.session.cart;
      delete req.session.orderKey;
      delete req.session.packingNote;
      req.session.flash = 'Thank you. Your order is written down.';
      await saveThenRedirect(req, res, `/orders/${key}`);
      return;
    }

    // The button was pressed again after the first press was served.
    if (await orders.find(key, userId)) {
      res.redirect(303, `/orders/${key}`);
      return;
    }
    req.session.flash = 'Your cart has changed since you saw it. Please look again.';
    await saveThenRedirect(req, res, '/cart');
  });

  router.get('/orders', requireLogin, async (req, res) => {
    showPage(req, res, 'orders', { orders: await orders.ofUser(userIdOf(req)) });
  });

  router.get('/orders/:id', requireLogin, async (req, res, next) => {
    const order = await orders.find(req.params.id, userIdOf(req));
    if (order) showPage(req, res, 'order', { order });
    else next();
  });

  return router;
}
