import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { doorTo } from './fixtures/door-to.ts';
import { withoutFrameRules } from './passage.ts';

/** A promise for a value from the shop's handler. */
function waiting<T>() {
  let tell = (_: T) => {};
  const told = new Promise<T>((resolve) => {
    tell = resolve;
  });
  return { told, tell };
}

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

it.each(['//', '//[', '/%', '/?%zz'])('passes %s on as it is', async (path) => {
  const { ask } = await doorTo((req, res) => res.end(req.url));
  expect((await ask(path)).body.toString()).toBe(path);
});

it('passes a stream on while it flows', async () => {
  let goOn = () => {};
  const { opens } = await doorTo((_req, res) => {
    res.write('first');
    goOn = () => res.end(' last');
  });
  const outgoing = opens().end();
  const [answer] = await once(outgoing, 'response');
  const [chunk] = await once(answer, 'data');
  expect(String(chunk)).toBe('first');
  goOn();
  expect(await text(answer)).toBe(' last');
});

it('the head of an answer is there before its body, and the X-ray has it', async () => {
  const events = waiting<() => void>();
  const { opens, xray } = await doorTo((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 's=1; Max-Age=60' });
    res.flushHeaders();
    events.tell(() => res.write('data: one\n\n'));
  });
  const outgoing = opens('/events').end();
  outgoing.on('error', () => {});
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect(answer.headers['content-type']).toBe('text/event-stream');
  expect(xray.exchanges[0]).toMatchObject({ status: 200, setCookies: ['s=1; Max-Age=60'] });
  expect(xray.exchanges[0]?.ms).toBe(undefined);
  (await events.told)();
  expect(String(await once(answer, 'data'))).toBe('data: one\n\n');
  // Leaving the page ends the stream. The shop did not cut it off.
  answer.on('error', () => {});
  answer.destroy();
  await expect.poll(() => xray.exchanges[0]?.failed).toBe('given up');
});

it('an answer that the shop cuts off in its middle is cut off for the shopper, too', async () => {
  const { opens, xray } = await doorTo((_req, res) => {
    res.writeHead(200, { 'content-length': '100' });
    res.write('half', () => res.destroy());
  });
  const [answer] = await once(opens().end(), 'response');
  await expect(text(answer)).rejects.toThrow(/aborted/);
  await expect.poll(() => xray.exchanges[0]).toMatchObject({ status: 200, failed: 'cut off' });
});

it('answers without a body keep their headers, and nothing waits for one', async () => {
  const { ask } = await doorTo((req, res) => {
    if (req.method === 'HEAD') res.writeHead(200, { 'content-length': '1234' }).end();
    else if (req.headers['if-none-match']) res.writeHead(304, { etag: '"e"' }).end();
    else res.writeHead(204).end();
  });
  const head = await ask('/', { method: 'HEAD' });
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '1234', 0]);
  const same = await ask('/', { headers: { 'if-none-match': '"e"' } });
  expect([same.status, same.headers.etag]).toEqual([304, '"e"']);
  expect((await ask('/')).status).toBe(204);
});

it.each(['POST', 'DELETE', 'GET'])('passes a body on that names no length: %s', async (method) => {
  const { opens } = await doorTo(async (req, res) => {
    res.end(`${req.method} ${req.headers['transfer-encoding']} ${await text(req)}`);
  });
  const outgoing = opens('/', { method, headers: { 'transfer-encoding': 'chunked' } });
  outgoing.write('one, ');
  outgoing.end('two');
  const [answer] = await once(outgoing, 'response');
  expect(await text(answer)).toBe(`${method} chunked one, two`);
});

it('a shop that refuses an upload before it has read it is heard', async () => {
  const { opens } = await doorTo((_req, res) => {
    res.writeHead(413).end('too big');
  });
  const outgoing = opens('/', { method: 'POST', headers: { 'content-length': '5000000' } });
  outgoing.on('error', () => {});
  outgoing.write(Buffer.alloc(1_000_000));
  const [answer] = await once(outgoing, 'response');
  expect([answer.statusCode, await text(answer)]).toEqual([413, 'too big']);
  outgoing.destroy();
});

it('lets a shopper give up on a shop that hangs', async () => {
  let arrived = () => {};
  const atShop = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { opens, xray } = await doorTo(() => arrived());
  const outgoing = opens().end();
  outgoing.on('error', () => {});
  await atShop;
  outgoing.destroy();
  await expect.poll(() => xray.exchanges[0]?.failed).toBe('given up');
});

it('refuses a WebSocket with a word, before the shop is asked, and the X-ray has it', async () => {
  let asked = 0;
  const { door, xray } = await doorTo(() => asked++);
  const { host, port } = new URL(door.address.origin);
  const socket = connect(Number(port), '127.0.0.1');
  const lines = [
    'GET /live HTTP/1.1',
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 501 [\s\S]*no WebSocket/);
  socket.destroy();
  expect(asked).toBe(0);
  expect(xray.exchanges[0]).toMatchObject({
    path: '/live',
    status: 501,
    failed: 'by the door: no WebSocket',
  });
});

it.each([
  ["default-src 'self'; frame-ancestors 'none'", "default-src 'self'"],
  ["frame-ancestors 'none'", ''],
  ["default-src 'self', frame-ancestors 'none'; img-src *", "default-src 'self', img-src *"],
  ["default-src 'self'; frame-ancestors 'none', script-src 'self'", "default-src 'self', script-src 'self'"],
])('takes the rules against frames out of %s', (policy, rest) => {
  const headers = withoutFrameRules({ 'x-frame-options': 'DENY', 'content-security-policy': policy });
  expect(headers).toEqual({ 'content-security-policy': expect.any(String) });
  const plain = (text: unknown) => String(text).replaceAll(/\s*([;,])\s*/g, '$1');
  expect(plain(headers['content-security-policy'])).toBe(plain(rest));
});
