import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { XRay } from '../xray/xray.ts';
import { Door } from './door.ts';
import { ShopperCookies } from './shopper-cookies.ts';

/** A door of Ann's to a shop. */
async function doorTo(shop: RequestListener, { open = true } = {}) {
  const server = createServer(shop).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: shopPort } = server.address() as AddressInfo;
  const cookies = new ShopperCookies();
  const xray = new XRay(() => {}, Date.now);
  const door = await Door.open(0, {
    shopper: 'Ann',
    token: 'the-token',
    cookies,
    xray,
    shopPort: () => (open ? shopPort : undefined),
    onPage: () => {},
    onAnswer: () => {},
  });
  onTestFinished(() => door.close());
  const { port } = new URL(door.address.origin);
  const ask = async (
    path: string,
    options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
  ) => {
    const { body, ...rest } = options;
    const outgoing = request({ host: '127.0.0.1', port, path, agent: false, ...rest }).end(body);
    const [answer] = await once(outgoing, 'response');
    return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  };
  return { ask, door, cookies, xray, server };
}

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

it('passes uploads, redirects, errors and compressed answers on as they are', async () => {
  const { ask } = await doorTo(async (req, res) => {
    const body = await buffer(req);
    if (req.url === '/away') res.writeHead(303, { location: '/cart' }).end();
    else if (req.url === '/broken') res.writeHead(500, { 'x-own': 'yes' }).end('it broke');
    else res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(String(body.length)));
  });
  const upload = await ask('/', { method: 'POST', body: Buffer.alloc(3_000_000) });
  expect(upload.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(upload.body).toString()).toBe('3000000');
  expect(await ask('/away')).toMatchObject({ status: 303, headers: { location: '/cart' } });
  const broken = await ask('/broken');
  expect([broken.status, broken.headers['x-own'], broken.body.toString()]).toEqual([500, 'yes', 'it broke']);
});

it('passes a stream on while it flows', async () => {
  let goOn = () => {};
  const { door } = await doorTo((_req, res) => {
    res.write('first');
    goOn = () => res.end(' last');
  });
  const { port } = new URL(door.address.origin);
  const outgoing = request({ host: '127.0.0.1', port, agent: false }).end();
  const [answer] = await once(outgoing, 'response');
  const [chunk] = await once(answer, 'data');
  expect(String(chunk)).toBe('first');
  goOn();
  expect(await text(answer)).toBe(' last');
});

it('says that there is no shop, and that one broke off, on a page of its own', async () => {
  const closed = await doorTo((_req, res) => res.end(), { open: false });
  const nothing = await closed.ask('/');
  expect([nothing.status, nothing.body.toString()]).toEqual([502, expect.stringContaining('No connection')]);
  const { ask, xray } = await doorTo((req) => req.socket.destroy());
  expect((await ask('/')).body.toString()).toContain('before it had answered');
  expect(xray.exchanges[0]).toMatchObject({ failed: 'broke off', method: 'GET', path: '/' });
});

it('lets a shopper give up on a shop that hangs', async () => {
  let arrived = () => {};
  const atShop = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { door, xray } = await doorTo(() => arrived());
  const { port } = new URL(door.address.origin);
  const outgoing = request({ host: '127.0.0.1', port, agent: false }).end();
  outgoing.on('error', () => {});
  await atShop;
  outgoing.destroy();
  await expect.poll(() => xray.exchanges[0]?.failed).toBe('given up');
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
