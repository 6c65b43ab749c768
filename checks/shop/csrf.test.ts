import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormShopper } from './form-shopper.ts';
import { openStage, type ShopTheatre, signsUp } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

/** A browser that has opened the shop and has no session. */
async function passerBy(): Promise<FormShopper> {
  const passer = theatre.stage.shopper('a passer-by');
  await passer.visits('/');
  return passer;
}

/** Sends a form with the shopper's cookie, and with nothing else that the test does not name. */
async function send(shopper: FormShopper, path: string, fields = {}, headers: Record<string, string> = {}) {
  const { name = '', value = '' } = shopper.sessionCookie() ?? {};
  const cookie = name ? { Cookie: `${name}=${encodeURIComponent(value)}` } : {};
  const answer = await fetch((await theatre.stage.shop.opened()) + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
    headers: { ...cookie, ...headers },
  });
  return { status: answer.status, setCookie: answer.headers.get('set-cookie'), body: await answer.text() };
}

describe('who has a session', () => {
  const forms = [
    ['/cart', { product: 'mug' }],
    ['/cart/remove', { product: 'mug' }],
    ['/cart/note', { note: 'x' }],
    ['/checkout', { order: 'x' }],
    ['/login', {}],
    ['/signup', {}],
    ['/logout', {}],
    ['/account/devices/sign-out', { device: 'x' }],
    ['/account/devices/sign-out-others', {}],
  ] as const;

  it.each(forms)('cannot send %s without the token, nor with another one', async (path, fields) => {
    const [ann] = await signsUp(theatre, 'ann');
    const [mallory] = await signsUp(theatre, 'mallory');
    const others = (await mallory.token()) ?? '';
    const before = await theatre.stage.mongo.sessions();
    for (const csrf of [undefined, '', others, 'made-up'])
      expect((await send(ann, path, { ...fields, ...(csrf !== undefined && { csrf }) })).status).toBe(403);
    expect(await theatre.stage.mongo.sessions()).toEqual(before);
  });

  it('can with it; a form of before says in words what to do', async () => {
    const [ann] = await signsUp(theatre, 'ann');
    const csrf = (await ann.token()) ?? '';
    expect((await send(ann, '/cart', { product: 'mug', csrf })).status).toBe(303);
    const stale = await send(ann, '/cart', { product: 'mug' });
    expect(stale.body).toMatch(/This page was out of date.*Nothing was changed/s);
  });

  it('is not helped by a token in the address, nor by two of them', async () => {
    const [ann] = await signsUp(theatre, 'ann');
    const csrf = (await ann.token()) ?? '';
    expect((await send(ann, `/cart?csrf=${csrf}`, { product: 'mug' })).status).toBe(403);
    const twice = [
      ['csrf', csrf],
      ['csrf', csrf],
      ['product', 'mug'],
    ];
    expect((await send(ann, '/cart', twice)).status).toBe(403);
  });
});

describe('who has none', () => {
  it('needs no token, and gets no session for looking at a form', async () => {
    const passer = theatre.stage.shopper('a passer-by');
    for (const path of ['/', '/login', '/signup', '/cart']) {
      const page = await passer.visits(path);
      expect(page.setCookieLines).toEqual([]);
      expect(page.body).not.toContain('name="csrf"');
    }
    expect((await send(passer, '/cart', { product: 'mug' })).status).toBe(303);
  });

  const elsewhere: Record<string, string>[] = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://elsewhere.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
  ];
  it.each(elsewhere)('cannot be logged in by a page of another site (%j)', async (headers) => {
    const [, customer] = await signsUp(theatre, 'mallory');
    const answer = await send(await passerBy(), '/login', customer, headers);
    expect(answer).toMatchObject({ status: 403, setCookie: null });
  });

  it('can log in from a page of this shop', async () => {
    const [, customer] = await signsUp(theatre, 'ann');
    const Origin = await theatre.stage.shop.opened();
    for (const headers of [{ 'Sec-Fetch-Site': 'same-origin' }, { 'Sec-Fetch-Site': 'none' }, { Origin }])
      expect((await send(await passerBy(), '/login', customer, headers)).status).toBe(303);
  });
});
