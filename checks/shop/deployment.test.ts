import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { THROUGH_TLS_PROXY } from '#grader/check/shopper.ts';
import { openStage, type ShopTheatre } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

describe('behind a proxy', () => {
  const through = (address: string) => ({ 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': address });
  const attempt = { email: 'nobody@example.com', password: 'a wrong password' };
  const left = (headers: Readonly<Record<string, string>>) =>
    Number(/limit=(\d+), remaining=(\d+)/.exec(headers.ratelimit ?? '')?.[2]);

  it('takes the address that the proxy names, not one that a stranger wrote in front of it', async () => {
    const shop = theatre.stage.otherShop({ behindProxy: true });
    const tries = async (address: string) => {
      const shopper = theatre.stage.shopper('mallory', shop, through(address));
      return left((await shopper.asks('/signup', { email: 'no', password: 'no' })).headers);
    };
    const first = await tries('203.0.113.7');
    expect(await tries('192.0.2.1, 203.0.113.7')).toBe(first - 1);
    expect(await tries('203.0.113.7, 203.0.113.8')).toBe(first);
  });

  it('believes nobody when there is no proxy', async () => {
    const tries = async (address: string) => {
      const shopper = theatre.stage.shopper('mallory', theatre.stage.shop, through(address));
      return left((await shopper.asks('/signup', { email: 'no', password: 'no' })).headers);
    };
    const first = await tries('203.0.113.7');
    expect(await tries('203.0.113.8')).toBe(first - 1);
    const liar = await theatre.stage.shopper('mallory', theatre.stage.shop, THROUGH_TLS_PROXY).adds('mug');
    expect(liar.setCookieLines.join()).not.toContain('Secure');
  });

  it('takes forms from its own name, by https', async () => {
    const shop = theatre.stage.otherShop({ behindProxy: true });
    for (const [Origin, status] of [
      ['https://shop.example', 401],
      ['https://elsewhere.example', 403],
    ] as const) {
      const headers = { ...THROUGH_TLS_PROXY, 'X-Forwarded-Host': 'shop.example', Origin };
      expect((await theatre.stage.shopper('ann', shop, headers).asks('/login', attempt)).status).toBe(status);
    }
  });

  it('tells browsers to stay with HTTPS, and without one does not', async () => {
    const shop = theatre.stage.otherShop({ behindProxy: true });
    const secure = await theatre.stage.shopper('ann', shop, THROUGH_TLS_PROXY).visits('/');
    expect(secure.headers['strict-transport-security']).toMatch(/^max-age=31536000/);
    const plain = await theatre.stage.shopper('ann').visits('/');
    expect(plain.headers['strict-transport-security']).toBeUndefined();
  });
});

describe('every page', () => {
  it('lets nothing run and nobody frame it, tells no cache to keep it, and does not say what made it', async () => {
    const { headers, body } = await theatre.stage.shopper('ann').visits('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'SAMEORIGIN',
    });
    expect(headers['x-powered-by']).toBeUndefined();
    expect(body).not.toMatch(/<script|style="|\son\w+="|https?:\/\//);
  });
});

describe('health', () => {
  it('is alive and ready, and looks at no session', async () => {
    const ann = theatre.stage.shopper('ann');
    await ann.adds('mug');
    theatre.stage.mongo.tap.forget();
    expect((await ann.visits('/healthz')).body).toBe('alive\n');
    expect((await ann.visits('/readyz')).body).toBe('ready\n');
    expect(theatre.stage.mongo.tap.commands('find')).toEqual([]);
  });

  it('goes on living while the database is away, is not ready, and is again when it is back', async () => {
    const { tap } = theatre.stage.mongo;
    const shop = theatre.stage.otherShop({ databaseTimeoutMs: 2000 });
    const probe = theatre.stage.shopper('the load balancer', shop);
    expect((await probe.asks('/readyz')).status).toBe(200);
    await tap.refuse();
    const [ready, alive] = [await probe.asks('/readyz'), await probe.asks('/healthz')];
    await tap.behave();
    expect([ready.status, alive.status]).toEqual([503, 200]);
    await expect.poll(async () => (await probe.asks('/readyz')).status).toBe(200);
  });

  it('is ready beside a TTL index with other seconds, and says that it is there', async () => {
    await theatre.stage.shopper('who makes the indexes').asks('/readyz');
    const sessions = theatre.client.db('shop').collection('sessions');
    await sessions.dropIndex('expires_1');
    await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 1_209_600 });
    const shop = theatre.stage.otherShop({});
    const probe = theatre.stage.shopper('the load balancer', shop);
    expect((await probe.asks('/readyz')).body).toBe('ready\n');
    expect(
      await shop.says(/"on":"sessions\.expires","code":85,.*an index with other options is there/, {
        after: 0,
        withinMs: 50_000,
      }),
    ).toBe(true);
    await sessions.dropIndex('expires_1');
  });

  it('is not ready while an index is in the way that two users could have one address with, and does not call that silence', async () => {
    await theatre.stage.shopper('who makes the indexes').asks('/readyz');
    const users = theatre.client.db('shop').collection('users');
    await users.dropIndex('email_1');
    await users.createIndex({ email: 1 });
    const shop = theatre.stage.otherShop({});
    const probe = theatre.stage.shopper('the load balancer', shop);
    expect(await probe.asks('/readyz')).toMatchObject({
      status: 503,
      body: 'an index of the database is in the way\n',
    });
    await users.dropIndex('email_1');
    await expect.poll(async () => (await probe.asks('/readyz')).status).toBe(200);
  });

  it('shows the shelf without a database to whoever has no session, and says 503 to the others', async () => {
    const { tap } = theatre.stage.mongo;
    const shop = theatre.stage.otherShop({ databaseTimeoutMs: 2000 });
    const [passer, ann] = [theatre.stage.shopper('a passer-by', shop), theatre.stage.shopper('ann', shop)];
    await ann.adds('mug');
    await tap.refuse();
    const [look, cart] = [await passer.asks('/'), await ann.asks('/cart')];
    await tap.behave();
    expect(look.status).toBe(200);
    expect(cart).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, setCookieLines: [] });
    expect(cart.body).toContain('The shop cannot look into its books');
  });
});
