import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sizeOf } from './probe.ts';

let server: Server;
const serve = async (listener: RequestListener) => {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mongodb.tgz`);
};
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a size is told without fetching anything', async () => {
  const methods: (string | undefined)[] = [];
  const url = await serve(({ method }, response) => {
    methods.push(method);
    response.writeHead(200, { 'content-length': 79_000_000 }).end();
  });
  expect(await sizeOf(url, { method: 'GET' })).toBe(79_000_000);
  expect(methods).toEqual(['HEAD']);
});

test('two redirects are followed, a third is not', async () => {
  let redirects = 2;
  const url = await serve((_, response) => {
    if (redirects-- > 0) response.writeHead(302, { location: '/elsewhere' }).end();
    else response.writeHead(200, { 'content-length': 5 }).end();
  });
  expect(await sizeOf(url, {})).toBe(5);
  redirects = 3;
  await expect(sizeOf(url, {})).rejects.toThrow(`${url.host} redirects without end`);
});

test.each([405, 501])('a host that answers %d to HEAD is there, its size unknown', async (status) => {
  const url = await serve((_, response) => response.writeHead(status).end());
  expect(await sizeOf(url, {})).toBeUndefined();
});

test('a size may be missing', async () => {
  const url = await serve((_, response) => response.writeHead(200, { 'transfer-encoding': 'chunked' }).end());
  expect(await sizeOf(url, {})).toBeUndefined();
});

test.each([
  [403, 'has no mongod for this system (HTTP 403)'],
  [404, 'has no mongod for this system (HTTP 404)'],
  [503, 'answered HTTP 503'],
])('HTTP %d is said', async (status, words) => {
  const url = await serve((_, response) => response.writeHead(status).end());
  await expect(sizeOf(url, {})).rejects.toThrow(`${url.host} ${words}`);
});

test('a host that hangs up is said', async () => {
  const url = await serve(({ socket }) => socket.destroy());
  await expect(sizeOf(url, {})).rejects.toThrow(`${url.host} cannot be reached (ECONNRESET)`);
});
