import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { addressOf } from './addresses.ts';
import { refusal } from './guard.ts';

const local = addressOf(4100, {});
const forwarded = addressOf(4100, { WORKSHOP_ADDRESS: 'https://box-{port}.example.dev' });
const asked = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;
const HOST = '127.0.0.1:4100';

it.each([
  ['typed', { host: HOST }],
  ['typed, as browsers say it', { host: HOST, 'sec-fetch-site': 'none' }],
  ['from the page itself', { host: HOST, origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }],
  ['by the other name of this machine', { host: 'localhost:4100', origin: 'http://localhost:4100' }],
])('lets in what is %s', (_, headers) => {
  expect(refusal(asked(headers), local)).toBeUndefined();
});

it.each([
  ['another name that leads here', { host: 'evil.example:4100' }],
  ['another port’s name', { host: '127.0.0.1:4101' }],
  ['no host', {}],
  ['a page of another site', { host: HOST, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['a page on another port', { host: HOST, 'sec-fetch-site': 'same-site' }],
  ['a form elsewhere', { host: HOST, origin: 'http://evil.example' }],
  ['an origin that hides', { host: HOST, origin: 'null' }],
])('refuses %s', (_, headers) => {
  expect(refusal(asked(headers), local)).toMatch(/not one of the workbench|Another page/);
});

it('lets a link from elsewhere in at the first address alone, and no form there', () => {
  const link = { host: HOST, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(refusal(asked(link), local, true)).toBeUndefined();
  expect(refusal(asked(link), local)).toBeDefined();
  expect(refusal(asked({ ...link, origin: 'http://evil.example' }), local, true)).toBeDefined();
});

it('knows forwarded ports by the setting, and by what Codespaces sets', () => {
  expect(forwarded).toMatchObject({ origin: 'https://box-4100.example.dev' });
  const from = { host: 'box-4100.example.dev', origin: 'https://box-4100.example.dev' };
  expect(refusal(asked(from), forwarded)).toBeUndefined();
  // A tunnel may send this machine's port as Host for the forwarded page.
  expect(refusal(asked({ ...from, host: 'localhost:4100' }), forwarded)).toBeUndefined();
  expect(refusal(asked({ ...from, host: 'box-4101.example.dev' }), forwarded)).toBeDefined();
  const codespace = {
    CODESPACE_NAME: 'blue-sky',
    GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev',
  };
  expect(addressOf(4101, codespace).origin).toBe('https://blue-sky-4101.app.github.dev');
});

it.each(['https://box.example.dev', 'box-{port}', 'ftp://box-{port}.dev', 'https://box-{port}.dev/path'])(
  'names WORKSHOP_ADDRESS when it is %s',
  (WORKSHOP_ADDRESS) => {
    expect(() => addressOf(4100, { WORKSHOP_ADDRESS })).toThrow(/WORKSHOP_ADDRESS is .*\{port\}/);
  },
);
