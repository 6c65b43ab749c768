import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addToCart,
  type CartItem,
  cartCount,
  cartLines,
  cartTotalInCents,
  MAX_QUANTITY,
  removeFromCart,
} from './cart.ts';
import { catalogue, findProduct, formatPrice } from './catalogue.ts';

const twoMugsAndATeapot: readonly CartItem[] = [
  { productId: 'mug', quantity: 2 },
  { productId: 'teapot', quantity: 1 },
];

describe('the catalogue', () => {
  it('has the products that lessons and checks buy', () => {
    expect(catalogue.map((product) => product.id)).toEqual(
      expect.arrayContaining(['mug', 'notebook', 'teapot']),
    );
  });

  it('names every product once, with a slug, a price in whole cents and a picture', () => {
    expect(new Set(catalogue.map((product) => product.id)).size).toBe(catalogue.length);
    for (const { id, priceInCents } of catalogue) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(Number.isInteger(priceInCents) && priceInCents > 0).toBe(true);
      expect(existsSync(join(import.meta.dirname, 'public/products', `${id}.svg`))).toBe(true);
    }
  });

  it('finds a product by its ID, and nothing for anything else a browser may send', () => {
    expect(findProduct('mug')?.name).toBe('Enamel mug');
    for (const nonsense of [undefined, null, '', 'MUG', ['mug'], { id: 'mug' }, 0, '__proto__']) {
      expect(findProduct(nonsense)).toBeUndefined();
    }
  });

  it('shows cents as dollars', () => {
    expect([1400, 950, 0, 123456].map(formatPrice)).toEqual(['$14.00', '$9.50', '$0.00', '$1,234.56']);
  });
});

describe('the cart', () => {
  it('starts with the first product', () => {
    expect(addToCart(undefined, 'mug')).toEqual([{ productId: 'mug', quantity: 1 }]);
  });

  it('counts the same product up and keeps the order', () => {
    expect(addToCart(twoMugsAndATeapot, 'mug')).toEqual([
      { productId: 'mug', quantity: 3 },
      { productId: 'teapot', quantity: 1 },
    ]);
  });

  it('stops at the most one can have of a product', () => {
    const full = [{ productId: 'mug', quantity: MAX_QUANTITY }];
    expect(addToCart(full, 'mug')).toEqual(full);
  });

  it('removes a product, however many there are, and nothing for a stranger', () => {
    expect(removeFromCart(twoMugsAndATeapot, 'mug')).toEqual([{ productId: 'teapot', quantity: 1 }]);
    expect(removeFromCart(twoMugsAndATeapot, undefined)).toEqual(twoMugsAndATeapot);
    expect(removeFromCart(undefined, 'mug')).toEqual([]);
  });

  it('never changes the cart it was given', () => {
    const before = structuredClone(twoMugsAndATeapot);
    addToCart(twoMugsAndATeapot, 'mug');
    removeFromCart(twoMugsAndATeapot, 'mug');
    expect(twoMugsAndATeapot).toEqual(before);
  });

  it('is priced by the catalogue', () => {
    const lines = cartLines(twoMugsAndATeapot);
    expect(lines.map((line) => [line.product.name, line.quantity, line.totalInCents])).toEqual([
      ['Enamel mug', 2, 2800],
      ['Stoneware teapot', 1, 3800],
    ]);
    expect(cartTotalInCents(lines)).toBe(6600);
  });

  it('leaves out what the shop no longer sells', () => {
    const old = [...twoMugsAndATeapot, { productId: 'typewriter', quantity: 5 }];
    expect(cartLines(old)).toEqual(cartLines(twoMugsAndATeapot));
    expect(cartCount(old)).toBe(3);
  });

  it('counts things, not lines; no cart is no things', () => {
    expect(cartCount(twoMugsAndATeapot)).toBe(3);
    expect(cartCount(undefined)).toBe(0);
    expect(cartLines(undefined)).toEqual([]);
  });
});
