import { createHmac } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { doorTo } from './fixtures/door-to.ts';

it('keeps the cookies: the browser sends and gets none, the shop gets those of the shopper', async () => {
  const { ask, cookies } = await doorTo((req, res) => {
    res.setHeader('set-cookie', ['a=1; Path=/; HttpOnly', 'b=2; Path=/elsewhere']);
    res.end(String(req.headers.cookie));
  });
  const first = await ask('/', { headers: { cookie: 'of=the browser' } });
  expect(first.body.toString()).toBe('undefined');
  expect(first.headers).not.toHaveProperty('set-cookie');
  expect((await ask('/cart')).body.toString()).toBe('a=1');
  expect(cookies.all().map(({ key }) => key)).toEqual(['a', 'b']);
});

it('says that there is no shop, and that one broke off, on a page of its own', async () => {
  const closed = await doorTo((_req, res) => res.end(), { open: false });
  const nothing = await closed.ask('/');
  expect([nothing.status, nothing.body.toString()]).toEqual([502, expect.stringContaining('No connection')]);
  const { ask, xray } = await doorTo((req) => req.socket.destroy());
  expect((await ask('/')).body.toString()).toContain('before there was an answer');
  expect(xray.exchanges[0]).toMatchObject({ failed: 'broke off', method: 'GET', path: '/' });
});

it('tells when there was no shop for a page, and when one went while a page fetched its stylesheet', async () => {
  const closed = await doorTo((_req, res) => res.end(), { open: false });
  await closed.ask('/');
  await closed.ask('/cart', { method: 'POST' });
  expect(closed.timesLost()).toBe(1);
  const going = await doorTo((req) => req.socket.destroy());
  await going.ask('/');
  expect(going.timesLost()).toBe(0);
  await going.ask('/shop.css');
  expect(going.timesLost()).toBe(1);
});

it.each([
  ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ['a page on another port', { 'sec-fetch-site': 'same-site' }],
  ['a form elsewhere', { origin: 'http://evil.example' }],
  ['another name for this address', { host: 'evil.example' }],
])('refuses %s, and the shop is not asked', async (_, headers) => {
  let asked = 0;
  const { ask } = await doorTo((_req, res) => {
    asked++;
    res.end();
  });
  expect((await ask('/cart', { headers, method: 'POST' })).status).toBe(403);
  expect(asked).toBe(0);
});

it('is where a setting says that forwarded ports are, and knows that name as its host', async () => {
  vi.stubEnv('WORKSHOP_ADDRESS', 'https://box-{port}.example.dev');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { door, ask } = await doorTo((_req, res) => res.end('the shop'));
  const { host } = new URL(door.address.origin);
  expect(host).toMatch(/^box-\d+\.example\.dev$/);
  const headers = { host, origin: `https://${host}`, 'sec-fetch-site': 'same-origin' };
  expect((await ask('/cart', { headers, method: 'POST' })).body.toString()).toBe('the shop');
  for (const other of ['box-1.example.dev', 'evil.example'])
    expect((await ask('/cart', { headers: { ...headers, host: other } })).status).toBe(403);
});

it('lets a frame in that knows the token, and sends it on to a path of the shop alone', async () => {
  const { ask } = await doorTo((_req, res) => res.end());
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  const entry = await ask('/__enter/the-token?to=/cart', { headers });
  expect([entry.status, entry.body.toString()]).toEqual([200, expect.stringContaining('0;url=/cart')]);
  expect((await ask('/__enter/another-token', { headers })).status).toBe(403);
  for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example'])
    expect(
      (await ask(`/__enter/the-token?to=${encodeURIComponent(to)}`, { headers })).body.toString(),
    ).toContain('0;url=/"');
});

it('keeps a bounded number of exchanges, whatever comes', async () => {
  const { ask, xray } = await doorTo((_req, res) => res.end());
  for (let i = 0; i < 150; i++) await ask(`/${i}`);
  expect(xray.exchanges).toHaveLength(100);
  expect(xray.exchanges[0]?.path).toBe('/149');
});

it('does not forge: what is sent has the value that was edited', async () => {
  const { ask, cookies } = await doorTo((req, res) =>
    res.setHeader('set-cookie', 's=s%3Aid.sig; Path=/').end(String(req.headers.cookie)),
  );
  await ask('/');
  const forged = `s:id.${createHmac('sha256', 'guessed').update('id').digest('base64')}`;
  cookies.edit('s', encodeURIComponent(forged));
  expect(decodeURIComponent((await ask('/')).body.toString())).toBe(`s=${forged}`);
});

it('refuses what is no path of the shop, and goes on', async () => {
  const { ask } = await doorTo((_req, res) => {
    res.setHeader('set-cookie', 'a=1; Domain=\u00ff]').end('the shop');
  });
  for (const path of ['http://[/', 'http://elsewhere/', '*']) expect((await ask(path)).status).toBe(400);
  expect((await ask('/')).body.toString()).toBe('the shop');
});
