import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { expect, it, onTestFinished } from 'vitest';
import { Balancer, BROKE_OFF, type Passed, SERVED_BY } from './balancer.ts';

/** A server that answers with its name, or as the test's listener does. */
async function instance(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    if (server.listening) await once(server.close(), 'close');
  };
  onTestFinished(close);
  return { port, close };
}

async function balanced(...listeners: RequestListener[]) {
  const passed: Passed[] = [];
  const balancer = await Balancer.open({ onPassed: (each) => passed.push(each) });
  onTestFinished(() => balancer.close());
  const instances = await Promise.all(listeners.map(instance));
  for (const [i, { port }] of instances.entries()) balancer.putIn('ABC'[i] ?? '', port);
  const url = `http://127.0.0.1:${balancer.port}`;
  const servedBy = async (path = '/') => (await request(url).get(path)).headers[SERVED_BY];
  return { balancer, instances, passed, url, servedBy };
}

const ok: RequestListener = (_req, res) => res.end('ok');

it('gives each instance its turn, whatever cookies say', async () => {
  const { url, passed } = await balanced(ok, ok);
  for (let click = 0; click < 4; click++) await request(url).get('/cart').set('Cookie', 'SERVERID=A');
  expect(passed.map(({ by }) => by)).toEqual(['A', 'B', 'A', 'B']);
  expect(passed[0]).toMatchObject({ by: 'A', method: 'GET', path: '/cart', status: 200 });
});

it('counts a page with its stylesheet and pictures as one turn', async () => {
  const { servedBy } = await balanced(ok, ok);
  const turns = [];
  for (const path of ['/', '/shop.css', '/products/mug.svg', '/cart']) turns.push(await servedBy(path));
  expect(turns).toEqual(['A', 'B', 'B', 'B']);
});

it('passes on what is sent, and what comes back', async () => {
  const { url } = await balanced((req, res) => {
    req.setEncoding('utf8').on('data', (body: string) => {
      res.writeHead(
        303,
        [
          ['location', '/cart'],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
          ['x-got', `${req.method} ${req.url} ${body} ${req.headers.cookie}`],
        ].flat(),
      );
      res.end();
    });
  });
  const answer = await request(url)
    .post('/cart?x=1')
    .type('form')
    .set('Cookie', 'c=3')
    .send({ product: 'mug' });
  expect(answer.status).toBe(303);
  expect(answer.headers).toMatchObject({
    location: '/cart',
    'set-cookie': ['a=1', 'b=2'],
    'x-got': 'POST /cart?x=1 product=mug c=3',
  });
});

it('says from which port a request came, and to which it went: so each side can be matched with it', async () => {
  const seen: (number | undefined)[] = [];
  const { url, passed } = await balanced((req, res) => {
    seen.push(req.socket.remotePort);
    res.end();
  });
  await request(url).get('/cart');
  expect([passed[0]?.ports.out]).toEqual(seen);
  expect(passed[0]?.ports.from).toBeGreaterThan(0);
});

it('passes over an instance that takes no connection, until it is put in again', async () => {
  const { balancer, instances, servedBy } = await balanced(ok, ok);
  await instances[0]?.close();
  expect([await servedBy(), await servedBy(), await servedBy()]).toEqual(['B', 'B', 'B']);
  const { port } = await instance(ok);
  balancer.putIn('A', port);
  expect([await servedBy(), await servedBy()].sort()).toEqual(['A', 'B']);
});

it('never sends a request twice: one that breaks off is said to have done so', async () => {
  let arrived = 0;
  const breaksOff: RequestListener = (req) => {
    arrived++;
    req.socket.destroy();
  };
  const { url, passed } = await balanced(breaksOff, ok);
  const answer = await request(url).post('/cart');
  expect([answer.status, answer.headers[BROKE_OFF], answer.text]).toEqual([
    502,
    'A',
    'Instance A broke off before it had answered.\n',
  ]);
  expect([arrived, passed]).toMatchObject([
    1,
    [{ by: 'A', method: 'POST', path: '/cart', status: undefined }],
  ]);
});

it('lets an instance that is taken out answer what it has', async () => {
  let answer = () => {};
  let has = () => {};
  const hasRequest = new Promise<void>((resolve) => {
    has = resolve;
  });
  const { balancer, url, servedBy } = await balanced((_req, res) => {
    answer = () => res.end('late');
    has();
  }, ok);
  const late = request(url)
    .get('/')
    .then(({ text }) => text);
  await hasRequest;
  balancer.takeOut('A');
  expect([await servedBy(), await servedBy()]).toEqual(['B', 'B']);
  answer();
  expect(await late).toBe('late');
});

it('says so when no instance is open', async () => {
  const { url } = await balanced();
  const answer = await request(url).get('/');
  expect([answer.status, answer.text]).toEqual([503, 'No instance of the shop is open.\n']);
});
