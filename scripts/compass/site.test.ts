import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openSite } from './site.ts';
import { frame, message, opened } from './test-support.ts';

/** A site with a stand-in for the packages, in a folder like .workshop, whose name begins with a dot. */
async function start() {
  const home = mkdtempSync(join(tmpdir(), '.site '));
  const write = (name: string, content: string) => {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), content);
  };
  write('react/umd/react.production.min.js', 'react');
  write('react-dom/umd/react-dom.production.min.js', 'react-dom');
  write('@mongodb-js/compass-web/dist/compass-web.mjs', 'compass');
  const shown = { database: 'my shop', name: 'lesson 6', shownUri: 'mongodb://h/', mayWrite: true };
  const site = await openSite(home, shown, async ({ body }) => body);
  onTestFinished(async () => {
    await site.close();
    rmSync(home, { recursive: true });
  });
  return site;
}

/** A request with any Host and Origin, which fetch does not allow. */
async function get(url: string, headers: Record<string, string> = {}) {
  const sent = request(url, { headers }).end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const tunnelOf = (url: string) => `${url.replace('http:', 'ws:')}tunnel`;
const originOf = (url: string) => new URL(url).origin;

/** 'open', or the status that refused the WebSocket. */
async function knock(url: string, origin?: string): Promise<unknown> {
  const socket = new WebSocket(url, origin === undefined ? {} : { origin });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return new Promise((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
  });
}

describe('the site', () => {
  it.each([
    ['', 'start.js'],
    ['start.js', '__compassWebSharedRuntime'],
    ['page.css', 'box-sizing'],
    ['react.js', 'react'],
    ['react-dom.js', 'react-dom'],
    ['compass/compass-web.mjs', 'compass'],
    ['place', '"/explorer/workshop/my%20shop/sessions/find"'],
    ['explorer/v1/groups/1/preferences', '"isDataAccessWrite":true'],
    ['explorer/v1/groups/1/clusters/connectionInfo', '"userConnectionString":"mongodb://h/"'],
  ])('has /%s', async (path, words) => {
    const { url } = await start();
    const { status, body } = await get(`${url}${path}`);
    expect(status).toBe(200);
    expect(body).toContain(words);
  });

  it('is on 127.0.0.1, behind a token that is another each time', async () => {
    const [one, two] = [await start(), await start()];
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
    expect(new URL(one.url).pathname).not.toBe(new URL(two.url).pathname);
    for (const path of ['/', '/x/', '/explorer/v1/groups/1/preferences', new URL(two.url).pathname])
      expect((await get(`${originOf(one.url)}${path}`)).status).toBe(404);
  });

  it.each(['localhost', 'evil.example', '127.0.0.1'])('answers nobody who calls it %s', async (host) => {
    const { url } = await start();
    expect((await get(url, { Host: host })).status).toBe(403);
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1'])('answers no page of %s', async (origin) => {
    const { url } = await start();
    expect((await get(url, { Origin: origin })).status).toBe(403);
    expect(await knock(tunnelOf(url), origin)).toBe(403);
  });

  it('opens the tunnel to its own page alone, and only with the token', async () => {
    const { url } = await start();
    const own = originOf(url);
    expect(await knock(tunnelOf(url), own)).toBe('open');
    expect(await knock(tunnelOf(url))).toBe(403);
    expect(await knock(`${own.replace('http:', 'ws:')}/tunnel`, own)).toBe(403);
    expect(await knock(tunnelOf((await start()).url), own)).toBe(403);
  });

  it('has the browser ask no other host', async () => {
    const { url } = await start();
    const { headers } = await get(url);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://${new URL(url).host};`);
    expect(policy).not.toMatch(/https|\*/);
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('carries frames, and hangs up on one that is larger than any message', async () => {
    const { url } = await start();
    const socket = new WebSocket(tunnelOf(url), { origin: originOf(url) });
    await once(socket, 'open');
    socket.send(frame(1, message({ ping: 1 })));
    const [bytes] = await once(socket, 'message');
    expect(opened(bytes).document).toEqual({ ping: 1 });
    socket.send(Buffer.alloc(48_002_000));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });
});
