import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningShop } from '#grader/check/running-shop.ts';
import { THROUGH_TLS_PROXY } from '#grader/check/shopper.ts';
import type { CartItem } from '#shop/cart.ts';
import type { TappedCommand } from '../../scripts/mongo/tap.ts';
import { type Ask, BusyShopper, cartText } from './busy-shopper.ts';
import { FormShopper } from './form-shopper.ts';
import { type Answer, Ledger } from './ledger.ts';
import { openStage, type ShopTheatre } from './open-stage.ts';

/** The shop's limit for one wait for its database, in milliseconds. */
const DATABASE_TIMEOUT_MS = 1000;
/**
 * The limit for a request, in milliseconds. The driver repeats a read that failed; each time it
 * may wait for a server, a connection and the answer: six waits. One more is for a busy machine.
 */
const ANSWER_LIMIT_MS = 7 * DATABASE_TIMEOUT_MS;
const SHOPPERS = ['ann', 'ben', 'cem', 'dot', 'eve'];
/** How many 503s of all shoppers together make an outage. */
const ENOUGH = 8;

let theatre: ShopTheatre;
let ledger: Ledger;
beforeAll(async () => {
  theatre = await openStage();
  ledger = new Ledger();
});
afterAll(() => theatre.close());

/** A shopper whose every request is timed and counted, including those for a form's token. */
class CountedShopper extends FormShopper {
  override async asks(path: string, fields?: Record<string, string>) {
    const began = performance.now();
    const exchange = await super.asks(path, fields);
    const { status } = exchange;
    ledger.add({
      shopper: this.name,
      asked: `${fields ? 'POST' : 'GET'} ${path}`,
      status,
      ms: performance.now() - began,
    });
    return exchange;
  }
}

const refused = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 503).length;
const lost = ({ passed }: TappedCommand) => !passed;
/** Whether a change was stored for every shopper: then the shop has recovered. */
const allServed = (answers: readonly Answer[]) =>
  SHOPPERS.every((name) =>
    answers.some(
      ({ shopper, asked, status }) => shopper === name && asked === 'POST /cart' && status === 303,
    ),
  );

/** Lets all of them shop during `happens`. */
async function shopping(shop: RunningShop, happens: () => Promise<void>): Promise<void> {
  let isOver = false;
  const working = SHOPPERS.map((name, at) => {
    // Each has its own address, because the limit on sign-ups is not tested here.
    const headers = { ...THROUGH_TLS_PROXY, 'X-Forwarded-For': `203.0.113.${at + 1}` };
    const shopper = new CountedShopper(name, shop, headers);
    const ask: Ask = (path, fields) => shopper.asks(path, fields);
    return new BusyShopper(name, ask, () => shopper.sessionId(), ledger).shops(() => isOver);
  });
  try {
    await Promise.race([happens(), Promise.all(working)]);
  } finally {
    isOver = true;
    await theatre.stage.mongo.tap.behave();
  }
  await Promise.all(working);
}

it('loses nothing that it said yes to, whatever its database does', async () => {
  const { tap } = theatre.stage.mongo;
  const outage = async (name: string, begin: () => Promise<void> | void) => {
    await begin();
    await ledger.phase(name, (answers) => refused(answers) >= ENOUGH);
    await tap.behave();
    await ledger.phase('  and back', allServed);
  };

  await tap.refuse();
  const shop = theatre.stage.otherShop({ behindProxy: true, databaseTimeoutMs: DATABASE_TIMEOUT_MS });
  await shop.opened();
  const { pid } = shop;
  await shopping(shop, async () => {
    await outage('away when the shop opened', () => {});
    await outage('stopped', () => tap.refuse());
    await outage('hung', () => tap.hang());
    tap.forget();
    const broken = { update: 4, find: 2, insert: 1, delete: 1 };
    for (const [command, times] of Object.entries(broken)) tap.dropAt(command, times);
    await ledger.phase('connections that break', () => tap.commands().filter(lost).length >= 8);
    await ledger.phase('  and no more', allServed);
  });
  console.log(ledger.toString());

  expect(shop.pid).toBe(pid);
  expect(ledger.wrong).toEqual([]);
  expect(ledger.answers.filter(({ ms }) => ms > ANSWER_LIMIT_MS)).toEqual([]);
  // 403 is a form whose page could not be loaded before, 422 a sign-up whose answer arrived too late.
  const others = ledger.answers.filter(({ status }) => ![200, 303, 403, 422, 503].includes(status));
  expect(others).toEqual([]);
  await everythingIsThere();
});

/** Compares what the shop confirmed with MongoDB's content, without the tap. */
async function everythingIsThere(): Promise<void> {
  const shop = theatre.client.db('shop');
  const users = await shop.collection<{ _id: string; email: string }>('users').find().toArray();
  const orders = await shop.collection<StoredOrder>('orders').find().toArray();
  const sessions = new Map((await theatre.stage.mongo.sessions()).map((one) => [one._id, one.session]));

  const emails = new Map(users.map(({ _id, email }) => [email, _id]));
  expect([...ledger.users].filter((email) => !emails.has(email))).toEqual([]);

  const stored = new Map(orders.map((order) => [order._id, order]));
  for (const [key, { email, cart }] of ledger.orders) {
    const { userId, lines = [] } = stored.get(key) ?? {};
    const ordered = cartText(lines.map(({ productId, quantity }) => [productId, quantity]));
    expect({ key, userId, cart: ordered }).toEqual({ key, userId: emails.get(email), cart });
  }
  expect(orders.map(({ _id }) => _id).filter((key) => !ledger.tried.has(key))).toEqual([]);

  expect([...ledger.ended].filter((id) => sessions.has(id))).toEqual([]);
  for (const [id, cart] of ledger.carts) {
    const items: CartItem[] = sessions.get(id)?.cart ?? [];
    expect(cartText(items.map(({ productId, quantity }) => [productId, quantity]))).toBe(cart);
  }
  // The shop opened without its database, and created its indexes when the database came.
  const ttl = expect.objectContaining({ key: { expires: 1 }, expireAfterSeconds: 0 });
  expect(await shop.collection('sessions').indexes()).toContainEqual(ttl);
  // The counts prove nothing when little has happened.
  expect(ledger.users.size).toBeGreaterThanOrEqual(SHOPPERS.length);
  expect(ledger.orders.size).toBeGreaterThanOrEqual(1);
  console.log(
    `stored and found: ${ledger.users.size} sign-ups, ${ledger.orders.size} orders, ${ledger.carts.size} carts, ${ledger.ended.size} logouts`,
  );
}

interface StoredOrder {
  readonly _id: string;
  readonly userId: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}
