import { expect, it } from 'vitest';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { likelyLost } from './lost.ts';

it('names the cookie of an instance that was killed beside that of the other', async () => {
  const b = { sessionFacts: async () => ({ calls: [{ name: 'shopB' }] }) };
  const stage = { seen: [{ shop: b, exchange: { cookies: [] } }] } as unknown as Stage;
  const shopper = { sessionCookie: () => ({ name: 'shopA', value: 's:id.signature' }) } as Shopper;
  expect(await likelyLost(stage, shopper, { status: 303 } as Exchange)).toContain(
    'a cookie of another name: shopA, shopB',
  );
});
