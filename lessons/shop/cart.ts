import { findProduct, type Product } from './catalogue.ts';
import type { CartItem } from './types.ts';

export type { CartItem };

/** A cart item for the cart page, with its product and its total at today's price. */
export interface CartLine {
  readonly product: Product;
  readonly quantity: number;
  readonly totalInCents: number;
}

/** A limit, so that a form sent in a loop cannot make a session's numbers grow without end. */
export const MAX_QUANTITY = 99;

// A cart in a session has only IDs and quantities. Names and prices stay in the catalogue: a copy in the
// session would make it larger, and would be wrong after a price has changed.
//
// These functions return a new cart and leave the old one unchanged, so that a route shows where
// the session changes: `req.session.cart = addToCart(req.session.cart, product.id)`.

/** Adds one of a product, up to `MAX_QUANTITY`. */
export function addToCart(cart: readonly CartItem[] = [], productId: string): CartItem[] {
  if (!cart.some((item) => item.productId === productId)) {
    return [...cart, { productId, quantity: 1 }];
  }
  return cart.map((item) =>
    item.productId === productId ? { ...item, quantity: Math.min(item.quantity + 1, MAX_QUANTITY) } : item,
  );
}

/** Removes a product, whatever its quantity. */
export function removeFromCart(cart: readonly CartItem[] = [], productId: unknown): CartItem[] {
  return cart.filter((item) => item.productId !== productId);
}

/** Joins the cart with the catalogue. Products that the shop no longer sells are left out: a session may be older. */
export function cartLines(cart: readonly CartItem[] = []): CartLine[] {
  return cart.flatMap(({ productId, quantity }) => {
    const product = findProduct(productId);
    return product ? [{ product, quantity, totalInCents: product.priceInCents * quantity }] : [];
  });
}

/** The number of things in the cart: two mugs and a teapot are three. */
export function cartCount(cart?: readonly CartItem[]): number {
  return cartLines(cart).reduce((count, line) => count + line.quantity, 0);
}

/** The total of the cart page. */
export function cartTotalInCents(lines: readonly CartLine[]): number {
  return lines.reduce((total, line) => total + line.totalInCents, 0);
}
