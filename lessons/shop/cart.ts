import { findProduct, type Product } from './catalogue.ts';
import type { CartItem } from './types.ts';

export type { CartItem };

/** A cart item as the cart page shows it: with its product, and what it comes to today. */
export interface CartLine {
  readonly product: Product;
  readonly quantity: number;
  readonly totalInCents: number;
}

/** Enough for any desk, and no form sent in a loop can make a session's numbers grow for ever. */
export const MAX_QUANTITY = 99;

// A cart in a session is IDs and quantities only. Names and prices stay in the catalogue: a copy in the
// session would make it larger, and would still be there, and wrong, after the price has changed.
//
// These functions return a new cart and leave the old one alone, so in a route it is plain to see where
// the session changes: `req.session.cart = addToCart(req.session.cart, product.id)`.

/** One more of a product, up to `MAX_QUANTITY`. */
export function addToCart(cart: readonly CartItem[] = [], productId: string): CartItem[] {
  if (!cart.some((item) => item.productId === productId)) {
    return [...cart, { productId, quantity: 1 }];
  }
  return cart.map((item) =>
    item.productId === productId ? { ...item, quantity: Math.min(item.quantity + 1, MAX_QUANTITY) } : item,
  );
}

/** Takes a product out, however many there are. */
export function removeFromCart(cart: readonly CartItem[] = [], productId: unknown): CartItem[] {
  return cart.filter((item) => item.productId !== productId);
}

/** Joins the cart with the catalogue. What the shop no longer sells is left out: sessions live longer. */
export function cartLines(cart: readonly CartItem[] = []): CartLine[] {
  return cart.flatMap(({ productId, quantity }) => {
    const product = findProduct(productId);
    return product ? [{ product, quantity, totalInCents: product.priceInCents * quantity }] : [];
  });
}

/** How many things are in the cart: two mugs and a teapot are three. */
export function cartCount(cart?: readonly CartItem[]): number {
  return cartLines(cart).reduce((count, line) => count + line.quantity, 0);
}

/** The sum at the bottom of the cart page. */
export function cartTotalInCents(lines: readonly CartLine[]): number {
  return lines.reduce((total, line) => total + line.totalInCents, 0);
}
