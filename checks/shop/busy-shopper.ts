import type { Exchange } from '#grader/check/exchange.ts';
import { catalogue } from '#shop/catalogue.ts';
import { hiddenField } from './form-shopper.ts';
import type { Ledger } from './ledger.ts';

/** How a shopper of the outage sends requests: each call is one request, and its answer is counted. */
export type Ask = (path: string, fields?: Record<string, string>) => Promise<Exchange>;

/** A cart as text, 'mug 2, teapot 1', for comparisons. */
type Cart = string;

/**
 * A customer who shops without a pause: signs up, fills a cart, orders, logs out, and begins again as another customer. What the shop
 * has confirmed goes into the ledger. After a 503 the change may have been made or not: the shopper expects both, and the next
 * page decides.
 */
export class BusyShopper {
  readonly #name: string;
  readonly #ask: Ask;
  readonly #ledger: Ledger;
  readonly #sessionId: () => string | undefined;
  #carts = new Set<Cart>(['']);
  #round = 0;

  constructor(name: string, ask: Ask, sessionId: () => string | undefined, ledger: Ledger) {
    this.#name = name;
    this.#ask = ask;
    this.#ledger = ledger;
    this.#sessionId = sessionId;
  }

  /** Shops until `isOver`, and then until the cart is certain. */
  async shops(isOver: () => boolean): Promise<void> {
    const email = () => `${this.#name}-${this.#round}@example.com`;
    while (!isOver()) {
      this.#round += 1;
      await this.#signsUp(email(), isOver);
      for (let times = 0; times < 3 && !isOver(); times++) {
        await this.#adds(catalogue[(this.#round + times) % catalogue.length]?.id ?? '');
        await this.#looks();
      }
      if (!isOver()) await this.#orders(email());
      if (!isOver()) await this.#logsOut();
    }
    while (!(await this.#looks()));
    this.#ledger.carts.set(this.#sessionId() ?? '', [...this.#carts].join());
  }

  async #signsUp(email: string, isOver: () => boolean): Promise<void> {
    const customer = { email, password: `a password for ${this.#name}` };
    this.#carts.add('');
    while (!isOver()) {
      const { status } = await this.#ask('/signup', customer);
      if (status === 303) this.#ledger.users.add(email);
      // 422: the account exists, but its session was not stored, or the answer did not arrive.
      if (status === 303 || (status === 422 && (await this.#ask('/login', customer)).status === 303)) {
        this.#carts = new Set(['']);
        return;
      }
    }
  }

  async #adds(product: string): Promise<void> {
    const after = [...this.#carts].map((cart) => withOneMore(cart, product));
    const { status } = await this.#ask('/cart', { product });
    this.#carts = new Set(status === 303 ? after : [...this.#carts, ...after]);
  }

  /** Reads the cart. A page must show what was stored. @returns the page, if there was one */
  async #looks(): Promise<string | undefined> {
    const { status, cart, body } = await this.#ask('/cart');
    if (status !== 200) return undefined;
    const shown = cartText(cart.map(({ product, quantity }) => [product, quantity]));
    if (!this.#carts.has(shown))
      this.#ledger.wrong.push(`${this.#name} saw "${shown}", not one of "${[...this.#carts].join('", "')}"`);
    this.#carts = new Set([shown]);
    return body;
  }

  async #orders(email: string): Promise<void> {
    const page = await this.#looks();
    const key = page && hiddenField(page, 'order');
    if (!key) return;
    const [cart = ''] = this.#carts;
    this.#ledger.tried.add(key);
    const { status, headers } = await this.#ask('/checkout', { order: key });
    if (status === 303 && headers.location === `/orders/${key}`) {
      this.#ledger.orders.set(key, { email, cart });
      this.#carts = new Set(['']);
    } else this.#carts.add('');
  }

  async #logsOut(): Promise<void> {
    const id = this.#sessionId() ?? '';
    const { status } = await this.#ask('/logout', {});
    if (status === 303) this.#ledger.ended.add(id);
    this.#carts = new Set(status === 303 ? [''] : [...this.#carts, '']);
  }
}

function withOneMore(cart: Cart, product: string): Cart {
  const lines = new Map(
    cart
      .split(', ')
      .filter(Boolean)
      .map((line) => line.split(' ') as [string, string]),
  );
  lines.set(product, String(Number(lines.get(product) ?? 0) + 1));
  return cartText([...lines].map(([id, quantity]) => [id, Number(quantity)]));
}

/** A cart as text, by product IDs, in a fixed order. */
export function cartText(lines: readonly (readonly [string, number])[]): Cart {
  return lines
    .map((line) => line.join(' '))
    .sort()
    .join(', ');
}
