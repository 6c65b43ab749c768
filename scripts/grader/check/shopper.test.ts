import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Clock } from './clock.ts';
import { StepFailure } from './failure.ts';
import { Shopper, type VisitedShop } from './shopper.ts';
import { TimeLimits } from './time-limits.ts';

/** A shopper in front of a server, and the requests that arrive there. */
async function shopperAt(answer: RequestListener, headers: Record<string, string> = {}) {
  const arrived: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      arrived.push(`${req.method} ${req.url} ${body}${req.headers.cookie ?? ''}`.trim());
      answer(req, res);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const failure = (got: string) => new StepFailure({ got, likely: '' });
  const visited: VisitedShop = {
    opened: async () => `http://127.0.0.1:${port}`,
    timeLimits: new TimeLimits(),
    clock: new Clock(),
    printed: 0,
    refusal: async ({ status }) => failure(`refused: ${status}`),
    silence: async (_sent, error) => failure(`silence: ${error.message}`),
  };
  return { shopper: new Shopper('Ann', visited, headers), visited, arrived, port };
}

it('follows redirects as a browser does, with the cookies of each path', async () => {
  const { shopper, arrived } = await shopperAt((req, res) => {
    if (req.url === '/login')
      res.writeHead(302, { location: 'account/', 'set-cookie': ['a=1; Path=/account', 'b=2'] });
    else if (req.url === '/account/') res.writeHead(307, { location: '../done?x=1' });
    res.end('page');
  });
  const page = await shopper.lands(await shopper.posts('/login', { email: 'ada' }));
  expect(page.body).toBe('page');
  expect(arrived).toEqual(['POST /login email=ada', 'GET /account/ a=1; b=2', 'GET /done?x=1 b=2']);
});

it('sends a form again where the status says so', async () => {
  const { shopper, arrived } = await shopperAt((req, res) => {
    if (req.url === '/a') res.writeHead(308, { location: '/b' });
    res.end();
  });
  await shopper.lands(await shopper.posts('/a', { x: '1' }));
  expect(arrived).toEqual(['POST /a x=1', 'POST /b x=1']);
});

it.each([
  ['/missing', 'refused: 404', 2],
  ['/around', 'a redirect after the 20th redirect: /around → /around', 21],
  ['http://localhost:1/cart', 'a redirect to http://localhost:1, which is not this shop', 1],
])('a redirect to %s leads to no page', async (location, got, requests) => {
  const { shopper, arrived } = await shopperAt((req, res) => {
    if (req.url === '/missing') res.writeHead(404);
    else res.writeHead(303, { location });
    res.end();
  });
  const landing = shopper.posts('/cart').then((added) => shopper.lands(added));
  await expect(landing).rejects.toMatchObject({ details: { got } });
  expect(arrived).toHaveLength(requests);
});

it('keeps no cookie that a browser throws away, and says by which rule', async () => {
  const { shopper } = await shopperAt((_req, res) => {
    res.writeHead(200, { 'set-cookie': ['sid=s%3Aabc.def; Path=/; SameSite=None'] });
    res.end();
  });
  const page = await shopper.visits();
  expect(page.dropped).toMatchObject([{ name: 'sid', rule: 'SameSite=None needs Secure' }]);
  expect(page.got).toContain('a browser throws it away: SameSite=None needs Secure');
  expect(shopper.sessionCookie()).toBeUndefined();
});

it('lets cookies end by the clock of the check', async () => {
  const { shopper, visited } = await shopperAt((_req, res) => {
    res.writeHead(200, { 'set-cookie': ['sid=s%3Aabc.def; Max-Age=60'] });
    res.end();
  });
  await shopper.visits();
  expect(shopper.sessionId()).toBe('abc');
  visited.clock.passes(61_000);
  expect(shopper.sessionId()).toBeUndefined();
});

it('waits as long as its timeLimits, longer on a busy machine, and says so', async () => {
  const { shopper, visited } = await shopperAt(() => {});
  visited.timeLimits.responseMs = 50;
  await expect(shopper.visits()).rejects.toMatchObject({
    details: { got: expect.stringMatching(/^silence: no answer within 0\.(05|0[6-9]\d*|1[0-5]?\d*) s$/) },
  });
});
