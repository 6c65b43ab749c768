import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type ShopTheatre, signsUp } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

/** The names of the commands that Mongo received during a function. */
async function cost(happens: () => Promise<unknown>): Promise<string[]> {
  const { tap } = theatre.stage.mongo;
  tap.forget();
  await happens();
  return tap.commands().map(({ name }) => name);
}

it('asks Mongo nothing for who only looks, nor for files, nor for /healthz, and sets no cookie', async () => {
  const passer = theatre.stage.shopper('a passer-by');
  await passer.visits('/');
  for (const path of [
    '/',
    '/cart',
    '/login',
    '/signup',
    '/shop.css',
    '/finished.css',
    '/products/mug.svg',
    '/healthz',
  ])
    expect([path, await cost(() => passer.visits(path))]).toEqual([path, []]);
  expect(await cost(() => passer.asks('/nowhere'))).toEqual([]);
  expect(passer.sessionCookie()).toBeUndefined();
  expect(await theatre.stage.mongo.sessions()).toEqual([]);
});

it('asks nothing either for a cookie that it has not signed', async () => {
  const mallory = theatre.stage.shopper('mallory');
  await mallory.visits('/');
  mallory.carries('session', 's:made-up.made-up');
  expect(await cost(() => mallory.visits('/'))).toEqual([]);
});

it('asks for files nothing, whoever asks', async () => {
  const [ann] = await signsUp(theatre, 'ann');
  for (const path of ['/shop.css', '/products/mug.svg', '/healthz'])
    expect(await cost(() => ann.visits(path))).toEqual([]);
});

it('reads a page that needs nothing but the session with one find, and a change costs one update more', async () => {
  const [ann] = await signsUp(theatre, 'ann');
  await ann.visits('/');
  await ann.token();
  for (const path of ['/', '/cart', '/login']) expect(await cost(() => ann.visits(path))).toEqual(['find']);
  expect(await cost(() => ann.adds('mug'))).toEqual(['find', 'update']);
  // The message is deleted after it is shown, which is a change as well.
  expect(await cost(() => ann.opensCart())).toEqual(['find', 'update']);
  expect(await cost(() => ann.opensCart())).toEqual(['find']);
});

it('asks for what else a page shows, and no more', async () => {
  const [ann] = await signsUp(theatre, 'ann');
  await ann.visits('/');
  for (const path of ['/account', '/account/devices', '/orders'])
    expect([path, await cost(() => ann.visits(path))]).toEqual([path, ['find', 'find']]);
});

it('moves the end of a session that is looked at, once a minute at most', async () => {
  const [ann] = await signsUp(theatre, 'ann');
  await ann.visits('/');
  await theatre.stage.timePasses(50_000);
  expect(await cost(() => ann.visits('/'))).toEqual(['find']);
  await theatre.stage.timePasses(15_000);
  expect(await cost(() => ann.visits('/'))).toEqual(['find', 'update']);
  expect(await cost(() => ann.visits('/'))).toEqual(['find']);
});

it('makes a cart of a visitor with one update', async () => {
  await theatre.stage.shopper('first').adds('mug');
  const ben = theatre.stage.shopper('ben');
  expect(await cost(() => ben.adds('mug'))).toEqual(['update']);
});
