import { sign } from 'cookie-signature';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type ShopTheatre, signsUp } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

describe('a session ID', () => {
  it('is 192 random bits that say nothing: no two are alike, not even in part', async () => {
    const ids: string[] = [];
    for (let times = 0; times < 20; times++) {
      const shopper = theatre.stage.shopper('somebody');
      await shopper.adds('mug');
      ids.push(shopper.sessionId() ?? '');
    }
    expect(ids).toEqual(ids.map(() => expect.stringMatching(/^[\w-]{32}$/)));
    // 6 bits a character. Two IDs share 8 characters at one of these places by chance once in 370,000 million runs.
    for (const from of [0, 8, 16, 24])
      expect(new Set(ids.map((id) => id.slice(from, from + 8))).size).toBe(ids.length);
  });

  it('is taken from the cookie alone: not from the address, a form, or a header', async () => {
    const [ann] = await signsUp(theatre, 'ann');
    const url = await theatre.stage.shop.opened();
    const value = ann.sessionCookie()?.value ?? '';
    const id = ann.sessionId() ?? '';
    const carried: RequestInit[] = [
      { headers: { session: value, Authorization: `Bearer ${value}`, 'X-Session-Id': id } },
    ];
    for (const given of [value, id])
      carried.push({ method: 'POST', body: new URLSearchParams({ session: given, 'connect.sid': given }) });
    for (const init of carried) {
      const path = init.method
        ? '/account/devices/sign-out-others'
        : `/account?session=${encodeURIComponent(value)}`;
      const answer = await fetch(url + path, { redirect: 'manual', ...init });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login']);
    }
  });

  it('that the shop has never given is not adopted, even when it is signed', async () => {
    const mallory = theatre.stage.shopper('mallory');
    await mallory.visits('/');
    const planted = 'planted-by-mallory-planted-by-ma';
    mallory.carries('session', `s:${sign(planted, theatre.stage.config.sessionSecret)}`);
    expect(mallory.sessionId(theatre.stage.config.sessionSecret)).toBe(planted);
    await mallory.adds('mug');
    expect(mallory.sessionId()).not.toBe(planted);
    expect(await theatre.stage.mongo.session(planted)).toBeNull();
  });

  it('is untrusted like any input: whatever stands in its place, the visitor is nobody', async () => {
    const mallory = theatre.stage.shopper('mallory');
    const { sessionSecret } = theatre.stage.config;
    await mallory.visits('/');
    for (const id of ['{"$gt":""}', '[object Object]', '', '../admin', '<script>', 'x'.repeat(2000)]) {
      mallory.carries('session', `s:${sign(id, sessionSecret)}`);
      const page = await mallory.asks('/account');
      expect([id, page.status, page.headers.location]).toEqual([id, 303, '/login']);
      expect((await mallory.asks('/')).body).toContain('No session yet');
    }
  });
});

it('offers the logout on every page that is seen logged in', async () => {
  const [ann] = await signsUp(theatre, 'ann');
  await ann.adds('mug');
  for (const path of [
    '/',
    '/cart',
    '/account',
    '/account/devices',
    '/orders',
    '/login',
    '/signup',
    '/nowhere',
  ])
    expect([path, (await ann.asks(path)).body]).toEqual([
      path,
      expect.stringMatching(/<header[\s\S]*action="\/logout"[\s\S]*<\/header>/),
    ]);
});

it('sets one cookie, without Domain, and gives it the end that the document has', async () => {
  const shopper = theatre.stage.shopper('somebody');
  const { setCookieLines } = await shopper.adds('mug');
  expect(setCookieLines).toHaveLength(1);
  const attributes = (setCookieLines[0] ?? '').split('; ').slice(1);
  const { expires } = (await theatre.stage.mongo.session(shopper.sessionId() ?? '')) ?? {};
  expect(attributes).toEqual(['Path=/', expect.stringMatching(/^Expires=/), 'HttpOnly', 'SameSite=Lax']);
  // A cookie's end has no fractions of a second.
  const shown = Date.parse((attributes[1] ?? '').slice('Expires='.length));
  expect(Math.abs(shown - Number(expires))).toBeLessThan(5000);
});
