import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FormShopper, hiddenField } from './form-shopper.ts';
import { openStage, type ShopTheatre, signsUp } from './open-stage.ts';

interface StoredOrder {
  readonly _id: string;
  readonly userId: string;
  readonly totalInCents: number;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  readonly packingNote: string;
}

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

const orders = () => theatre.client.db('shop').collection<StoredOrder>('orders');
const sessionOf = async (shopper: FormShopper) =>
  (await theatre.stage.mongo.session(shopper.sessionId() ?? ''))?.session ?? {};

/** A customer with a cart, and the key in the order form of the cart page. */
async function withCart(name: string, products = ['mug', 'mug', 'teapot']) {
  const [shopper] = await signsUp(theatre, name);
  for (const product of products) await shopper.adds(product);
  const key = hiddenField((await shopper.opensCart()).body, 'order') ?? '';
  const { userId = '' } = await sessionOf(shopper);
  return { shopper, key, userId: userId as string };
}

describe('an order', () => {
  it('is written down with the prices of the day, and the cart is empty', async () => {
    const { shopper, key, userId } = await withCart('ann');
    await shopper.posts('/cart/note', { note: 'Ring twice <b>please</b>' });
    const placed = await shopper.posts('/checkout', { order: key });
    expect(placed.headers.location).toBe(`/orders/${key}`);
    expect(await orders().findOne({ _id: key })).toMatchObject({
      userId,
      totalInCents: 6600,
      packingNote: 'Ring twice <b>please</b>',
      lines: [
        { productId: 'mug', name: 'Enamel mug', quantity: 2, totalInCents: 2800 },
        { productId: 'teapot', name: 'Stoneware teapot', quantity: 1, totalInCents: 3800 },
      ],
    });
    const page = await shopper.visits(`/orders/${key}`);
    expect(page.flash).toBe('Thank you. Your order is written down.');
    expect(page.body).toContain('Ring twice &lt;b&gt;please');
    expect((await shopper.opensCart()).cart).toEqual([]);
    expect(Object.keys(await sessionOf(shopper))).not.toContain('packingNote');
    expect((await shopper.visits('/orders')).body).toContain(`/orders/${key}`);
  });

  it('is written once when its button is pressed twice, one press after the other', async () => {
    const { shopper, key, userId } = await withCart('ben');
    const presses = [
      await shopper.posts('/checkout', { order: key }),
      await shopper.posts('/checkout', { order: key }),
    ];
    expect(presses.map(({ headers }) => headers.location)).toEqual([`/orders/${key}`, `/orders/${key}`]);
    expect(await orders().countDocuments({ userId })).toBe(1);
  });

  it('is written once when both presses are served at the same time', async () => {
    const { shopper, key, userId } = await withCart('cem');
    await shopper.token();
    const presses = await Promise.all([1, 2, 3, 4].map(() => shopper.asks('/checkout', { order: key })));
    expect(new Set(presses.map(({ headers }) => headers.location))).toEqual(new Set([`/orders/${key}`]));
    expect(await orders().countDocuments({ userId })).toBe(1);
  });

  it('is written once when the first answer was a 503, and the shopper tries again', async () => {
    const { shopper, key, userId } = await withCart('dot');
    await shopper.token();
    theatre.stage.mongo.tap.fail('update', { code: 13, message: 'not authorized' });
    const first = await shopper.asks('/checkout', { order: key });
    expect(first.status).toBe(503);
    expect((await sessionOf(shopper)).cart).toHaveLength(2);
    expect((await shopper.posts('/checkout', { order: key })).headers.location).toBe(`/orders/${key}`);
    expect(await orders().countDocuments({ userId })).toBe(1);
    expect((await sessionOf(shopper)).cart).toBeUndefined();
  });

  it('is not written when MongoDB refuses it, and the cart stays', async () => {
    const { shopper, key, userId } = await withCart('eve');
    await shopper.token();
    theatre.stage.mongo.tap.fail('insert', { code: 13, message: 'not authorized' });
    expect((await shopper.asks('/checkout', { order: key })).status).toBe(503);
    expect(await orders().countDocuments({ userId })).toBe(0);
    expect((await shopper.opensCart()).cart).toHaveLength(2);
  });

  it('is not written for another cart than the one that was looked at', async () => {
    const { shopper, key, userId } = await withCart('fay');
    await shopper.adds('lamp');
    for (const order of [key, '', 'made-up']) {
      expect((await shopper.posts('/checkout', { order })).headers.location).toBe('/cart');
      expect((await shopper.opensCart()).flash).toMatch(/^Your cart has changed/);
    }
    expect(await orders().countDocuments({ userId })).toBe(0);
  });

  it('needs a login, and is seen by nobody else', async () => {
    const passer = theatre.stage.shopper('a passer-by');
    await passer.adds('mug');
    const page = await passer.opensCart();
    expect(page.body).toContain('Log in to order');
    expect(page.body).not.toContain('action="/checkout"');
    expect((await passer.posts('/checkout', { order: 'x' })).headers.location).toBe('/login');

    const { shopper, key } = await withCart('gil');
    await shopper.posts('/checkout', { order: key });
    const [mallory] = await signsUp(theatre, 'mallory');
    expect((await mallory.asks(`/orders/${key}`)).status).toBe(404);
    expect((await mallory.posts('/checkout', { order: key })).headers.location).toBe('/cart');
  });
});

describe('the cart', () => {
  it('counts, removes, and tells the header', async () => {
    const ann = theatre.stage.shopper('ann');
    for (const product of ['mug', 'mug', 'teapot']) await ann.adds(product);
    expect((await ann.opensCart()).body).toContain('data-cart-count="3"');
    await ann.posts('/cart/remove', { product: 'mug' });
    expect((await ann.opensCart()).cart).toEqual([{ product: 'teapot', quantity: 1 }]);
  });

  it('is not made by what changes nothing: no product of that name, nothing to remove', async () => {
    const ann = theatre.stage.shopper('ann');
    expect((await ann.asks('/cart', { product: 'typewriter' })).status).toBe(404);
    expect((await ann.posts('/cart/remove', { product: 'mug' })).headers.location).toBe('/cart');
    expect(ann.sessionCookie()).toBeUndefined();
  });
});
