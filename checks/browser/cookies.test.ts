import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BrowserCookies, type RequestContext } from '#grader/check/browser-cookies.ts';
import { SELF_SIGNED } from '../../scripts/mongo/self-signed.ts';
import { noBrowser, ordinaryWindow, sharedWindow, useBrowser } from './browser.ts';

/** A page that sets cookies and receives them. The path says which Set-Cookie lines the answer has. */
const answers: RequestListener = (req, res) => {
  const { searchParams } = new URL(req.url ?? '/', 'http://any');
  res.setHeader('Set-Cookie', searchParams.getAll('set'));
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', 'text/html');
  res.end(`<!doctype html><link rel="icon" href="data:,"><title>${req.headers.cookie ?? ''}</title>`);
};
const http = createServer(answers);
const https = createTlsServer(SELF_SIGNED, answers);
const portOf = (server: typeof http | typeof https) => (server.address() as AddressInfo).port;

/** 'http://localhost/cart' with the server's port. */
function address(text: string): URL {
  const url = new URL(text);
  url.port = String(portOf(url.protocol === 'https:' ? https : http));
  return url;
}

function setting(at: string, lines: readonly string[]): string {
  const url = address(at);
  for (const line of lines) url.searchParams.append('set', line);
  return url.href;
}

const cookiesShown = (page: Page) => page.title();

// Where the cookie is set, the cookie, and where it is requested.
const HERE = 'http://localhost/';
const SHOP = 'http://shop.example/';
const SAFE = 'https://shop.example/';
const year = (offset: number) => new Date(Date.now() + offset * 365 * 86_400_000);

const LINES: readonly (readonly [at: string, lines: readonly string[], asked?: readonly string[]])[] = [
  [HERE, ['connect.sid=s%3Aabc.def; Path=/; HttpOnly']],
  [HERE, ['a=1; Path=/cart'], ['/', '/cart', '/cart/remove', '/cartoon', '/Cart']],
  [`${HERE}cart`, ['a=1'], ['/', '/cart', '/account']],
  [`${HERE}cart/remove`, ['a=1'], ['/', '/cart', '/cart/', '/cart/x', '/carts']],
  [HERE, ['a=1; Path=cart'], ['/', '/cart']],
  [HERE, ['a=1; Path=/cart/'], ['/cart', '/cart/', '/cart/x']],
  [HERE, ['a=1; Path=/', 'a=2; Path=/cart'], ['/', '/cart']],
  [HERE, ['a=1; Path=/', 'a=2; Path=/']],
  [HERE, ['b=1; Path=/', 'a=2; Path=/', 'b=3; Path=/']],
  [HERE, ['a=1; Secure']],
  [SHOP, ['a=1; Secure']],
  [SAFE, ['a=1; Secure']],
  ['http://127.0.0.1/', ['a=1; Secure']],
  [HERE, ['a=1; SameSite=None']],
  [HERE, ['a=1; SameSite=None; Secure']],
  [SHOP, ['a=1; SameSite=None; Secure']],
  [HERE, ['a=1; SameSite=Strict', 'b=2; samesite=LAX', 'c=3; SameSite=Never', 'd=4; SameSite']],
  [HERE, ['a=1; Domain=localhost']],
  [HERE, ['a=1; Domain=.localhost']],
  [HERE, ['a=1; Domain=127.0.0.1', 'b=2; Domain=example.com', 'c=3; Domain=']],
  ['http://127.0.0.1/', ['a=1; Domain=127.0.0.1', 'b=2; Domain=localhost', 'c=3; Domain=0.0.1']],
  [SHOP, ['a=1; Domain=shop.example', 'b=2; Domain=example', 'c=3; Domain=op.example']],
  ['http://www.shop.example/', ['a=1; Domain=shop.example', 'b=2; Domain=WWW.shop.example']],
  ['http://www.shop.co.uk/', ['a=1; Domain=co.uk', 'b=2; Domain=shop.co.uk']],
  [HERE, ['__Host-a=1; Secure; Path=/', '__Host-b=2; Path=/', '__Host-c=3; Secure; Path=/cart']],
  [SHOP, ['__Host-a=1; Secure; Path=/']],
  [
    SAFE,
    [
      '__Host-a=1; Secure; Path=/',
      '__Host-b=2; Secure',
      '__Host-c=3; Secure; Path=/; Domain=shop.example',
      '__HOST-d=4; Path=/',
    ],
  ],
  [SAFE, ['__Secure-a=1; Secure', '__Secure-b=2', '__secure-c=3; HttpOnly']],
  [SAFE, ['=__Host-a=1; Secure; Path=/', '=__Secure-b', '=c']],
  [SAFE, ['__Http-a=1; Secure', '__Http-b=2; Secure; HttpOnly', '__Host-Http-c=3; Secure; Path=/']],
  [HERE, ['a=1; Max-Age=100', 'b=2; Max-Age=0', 'c=3; Max-Age=-5', 'd=4; Max-Age=NaN', 'e=5; Max-Age=1.5']],
  [HERE, ['a=1; Path=/', 'a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT']],
  [HERE, ['a=1; Path=/', 'a=; Path=/cart; Max-Age=0'], ['/', '/cart']],
  [
    HERE,
    [
      `a=1; Max-Age=0; Expires=${year(1).toUTCString()}`,
      `b=2; Max-Age=60; Expires=${year(-1).toUTCString()}`,
    ],
  ],
  [
    HERE,
    ['a=1; Expires=soon', `b=2; Expires=${year(1).toISOString()}`, 'c=3; Expires=Wed, 1-Jan-20 0:0:0 GMT'],
  ],
  [HERE, ['a', '=b', '=', ' c = 3 ; Path=/', 'd=4=5; path=/', 'e="x y"']],
  [HERE, ['a=1; HttpOnly=false; Secure=false; Path=/', 'b=2; MaxAge=0; max-age=50']],
  [HERE, [`a=${'x'.repeat(4095)}`, `b=${'x'.repeat(4096)}`]],
  [HERE, [`a=1; Path=/${'x'.repeat(1030)}`, 'b=2; Path=/cart; Path=/']],
  [SAFE, ['a=1; Partitioned; Path=/', 'b=2; Partitioned; Secure; Path=/; SameSite=None']],
  [SAFE, ['a=1; Secure; Path=/', 'a=2; Path=/']],
];

const HOSTS = '--host-resolver-rules=MAP *.example 127.0.0.1, MAP *.co.uk 127.0.0.1';

/** The origin of a request, and how Chromium is made to send it. */
const CONTEXTS: readonly (readonly [
  name: string,
  context: RequestContext,
  play: (page: Page, url: string) => Promise<void>,
])[] = [
  [
    'a link of another site',
    { fromOtherSite: true },
    (page, url) => page.evaluate(`location.href = ${JSON.stringify(url)}`).then(() => {}),
  ],
  [
    'a form of another site',
    { fromOtherSite: true, method: 'POST' },
    (page, url) =>
      page.evaluate(
        `document.body.innerHTML = '<form method=post action=${JSON.stringify(url)}>'; document.forms[0].submit()`,
      ) as Promise<void>,
  ],
  [
    'a form of this site',
    { method: 'POST' },
    async (page, url) => {
      await page.goto(`${new URL(url).origin}/form`);
      await page.evaluate(
        `document.body.innerHTML = '<form method=post action=${JSON.stringify(url)}>'; document.forms[0].submit()`,
      );
    },
  ],
];

const FLAVOURS = [
  'none=0',
  'lax=1; SameSite=Lax',
  'strict=2; SameSite=Strict',
  'all=3; SameSite=None; Secure',
];

describe.skipIf(noBrowser)('a shopper’s cookies are those of Chromium', () => {
  useBrowser(HOSTS);
  let page: Page;
  beforeAll(async () => {
    for (const server of [http, https])
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    page = await sharedWindow({ ignoreHTTPSErrors: true });
  });
  // Clears the cookies for each case, which is faster than a new window.
  beforeEach(() => page.context().clearCookies());
  afterAll(() => {
    for (const server of [http, https]) {
      server.close();
      server.closeAllConnections();
    }
  });

  it.each(LINES.map(([at, lines, asked = ['/']]) => ({ at, lines, asked })))(
    'set at $at: $lines',
    async (each) => {
      const { at, lines, asked } = each;
      const cookies = new BrowserCookies();
      await page.goto(setting(at, lines));
      const dropped = cookies.take(lines, setting(at, lines));
      for (const path of asked) {
        await page.goto(address(at).origin + path);
        const ours = cookies.header(address(at).origin + path);
        expect(ours, `${path}; dropped: ${JSON.stringify(dropped)}`).toBe(await cookiesShown(page));
      }
    },
  );

  it.each(CONTEXTS)('sent with %s', async (_name, context, play) => {
    const cookies = new BrowserCookies();
    await page.goto(setting(SAFE, FLAVOURS));
    cookies.take(FLAVOURS, setting(SAFE, FLAVOURS));
    await page.goto(address('https://blog.example/').href);
    const url = `${address(SAFE).origin}/asked`;
    await Promise.all([page.waitForURL(url), play(page, url)]);
    expect(cookies.header(url, context)).toBe(await cookiesShown(page));
  });

  it('sent to, and set by, what another site embeds', async () => {
    // An ordinary window: one without a history, as in the other tests, blocks all cookies of embedded sites.
    const ordinary = await ordinaryWindow(HOSTS);
    const cookies = new BrowserCookies();
    const context = { fromOtherSite: true, embedded: true };
    await ordinary.goto(setting(SAFE, FLAVOURS));
    cookies.take(FLAVOURS, setting(SAFE, FLAVOURS));
    await ordinary.goto(address('https://blog.example/').href);
    const again = FLAVOURS.map((line) => line.replace('=', '=again'));
    const url = setting(`${SAFE}frame`, again);
    const frame = await ordinary.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.onload = () => done();
      frame.src = ${JSON.stringify(url)};
      document.body.append(frame);
    })`);
    expect(frame).toBeUndefined();
    expect(cookies.header(url, context)).toBe(await ordinary.frames()[1]?.title());
    cookies.take(again, url, context);
    await ordinary.goto(`${address(SAFE).origin}/`);
    expect(cookies.header(`${address(SAFE).origin}/`)).toBe(await cookiesShown(ordinary));
  });
});
