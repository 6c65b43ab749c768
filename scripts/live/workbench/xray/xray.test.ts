import { sign } from 'cookie-signature';
import { expect, it } from 'vitest';
import type { InsideReport } from '../../../grader/shop-process/shop-messages.ts';
import type { SeenCommand, SeenExchange, StoredSession } from './exchange.ts';
import { remarksOn } from './remarks.ts';
import { checkSignature, secretsOf, sessionCookieIn } from './session-cookie.ts';
import { XRay } from './xray.ts';

const cookieOf = (id: string, secret = 'new') => `connect.sid=${encodeURIComponent(`s:${sign(id, secret)}`)}`;
const NOTHING = { dropped: [], cookieEnds: undefined };
const SECRETS = [
  { name: 'config.sessionSecret', value: 'new' },
  { name: 'previous secret 1', value: 'old' },
];
const inside = (more: Partial<InsideReport> = {}): InsideReport => ({
  kind: 'inside',
  from: 1,
  ran: true,
  id: undefined,
  secrets: ['new'],
  store: 'MongoDBStore',
  hasTouch: false,
  byHttps: false,
  wantsHttps: false,
  ...more,
});
const stored = (id: string): StoredSession => ({
  id,
  where: 'MongoDB, shop.sessions',
  document: {},
  ends: undefined,
});
const seen = (more: Partial<SeenExchange>): SeenExchange => ({
  number: 1,
  shopper: 'Ann',
  method: 'GET',
  path: '/cart',
  isAsset: false,
  began: 0,
  cookie: '',
  secrets: SECRETS,
  status: 200,
  ms: 1,
  setCookies: [],
  dropped: [],
  commands: [],
  inside: inside(),
  ...more,
});
const find = (result: string): SeenCommand => ({
  name: 'find shop.sessions',
  detail: '',
  writes: false,
  ms: 1,
  result,
  late: false,
});
const update: SeenCommand = { ...find('matched 1'), name: 'update shop.sessions', writes: true };
const request = { shopper: 'Ann', method: 'GET', path: '/cart', isAsset: false, cookie: '' };

it('cuts a session cookie into its parts, whatever its name and whichever others there are', () => {
  const cookie = sessionCookieIn(`a=1; ${cookieOf('the-id').replace('connect.sid', '__Host-shop')}`);
  expect(cookie).toMatchObject({ name: '__Host-shop', id: 'the-id' });
  for (const none of ['', 'a=1', 'a=s:no-signature', 'a=%E0%A4%A', '=s:x.y'])
    expect(sessionCookieIn(none)).toBeUndefined();
});

it('a signature holds by a secret that the shop used, and by no other that it was only told', () => {
  const cookie = sessionCookieIn(cookieOf('id', 'old'));
  const check = (secrets: string[]) =>
    cookie && checkSignature(cookie, secretsOf(seen({ inside: inside({ secrets }) })));
  expect(check(['new'])).toEqual({ holds: false, tried: ['config.sessionSecret'] });
  expect(check(['new', 'old'])).toEqual({ holds: true, by: 'previous secret 1' });
  const own = sessionCookieIn(cookieOf('id', 'keyboard cat'));
  const secrets = secretsOf(seen({ inside: inside({ secrets: ['keyboard cat'] }) }));
  expect(own && checkSignature(own, secrets)).toEqual({ holds: true, by: 'a secret of the shop’s own' });
});

it.each<[string, Partial<SeenExchange>, RegExp]>([
  ['a file above the session', { isAsset: true, inside: inside({ ran: false }) }, /served above it/],
  ['no session() at all', { inside: inside({ ran: false }) }, /nothing above this route calls session/],
  ['a forged cookie', { cookie: cookieOf('id', 'guessed') }, /The store was not asked: the signature/],
  ['a session that ended', { cookie: cookieOf('id'), commands: [find('found 0')] }, /no session of that ID/],
  ['a visitor who only looks', {}, /saveUninitialized is false/],
  [
    'an unchanged session',
    { cookie: cookieOf('id'), before: stored('id'), after: stored('id'), commands: [find('found 1')] },
    /resave is false.*no touch/,
  ],
  [
    'Secure by plain http',
    { after: stored('id'), commands: [update], inside: inside({ wantsHttps: true }) },
    /is Secure, and to Express this request came by plain http/,
  ],
  [
    'a cookie the browser has',
    { cookie: cookieOf('id'), before: stored('id'), after: stored('id'), commands: [update] },
    /rolling is false/,
  ],
  [
    'a cookie that was dropped',
    {
      setCookies: [cookieOf('id')],
      after: stored('id'),
      commands: [update],
      dropped: [{ line: cookieOf('id'), rule: 'SameSite=None needs Secure' }],
    },
    /threw the cookie away: SameSite=None needs Secure/,
  ],
])('says why: %s', (_, exchange, words) => {
  expect(remarksOn(seen(exchange)).join('\n')).toMatch(words);
});

it('says nothing that was not seen', () => {
  expect(remarksOn(seen({ status: undefined as never, ms: undefined as never }))).toEqual([]);
  const { inside: _, ...unreported } = seen({});
  expect(remarksOn(unreported)).toEqual([]);
  expect(remarksOn(seen({ cookie: cookieOf('id'), commands: [find('no answer')] })).join()).not.toMatch(
    /no session of that ID/,
  );
});

it('gives a command to the request that is about the same session, also when two run', async () => {
  const xray = new XRay(() => {}, Date.now);
  const ann = await xray.begins({ ...request, cookie: cookieOf('a') });
  const ben = await xray.begins({ ...request, shopper: 'Ben', cookie: cookieOf('b') });
  xray.command(find('found 1'), ['a']);
  // A new session: no cookie names it yet, and two requests run.
  xray.command(update, ['c']);
  expect([ann.commands.length, ben.commands.length]).toEqual([1, 0]);
  await xray.ended(ben, { status: 200, ms: 1, setCookies: [cookieOf('c')] }, NOTHING);
  expect(ben.commands).toEqual([update]);
  xray.command(find('found 1'), ['b']);
  xray.command(find('found 0'), ['z']);
  expect(ben.commands[1]).toMatchObject({ late: true });
  expect(ann.commands).toHaveLength(1);
});

it('gives a request the commands of a session that got no cookie, once the shop has said its ID', async () => {
  const xray = new XRay(() => {}, Date.now);
  const one = await xray.begins(request);
  xray.wentOut(one, 5001);
  xray.command(update, ['secret-id']);
  await xray.ended(one, { status: 200, ms: 1 }, NOTHING);
  expect(one.commands).toEqual([]);
  xray.inside(inside({ from: 5001, id: 'secret-id' }));
  expect(one.commands).toEqual([update]);
});

it('matches what the shop’s process reports by the port, also behind a balancer', async () => {
  const xray = new XRay(() => {}, Date.now);
  const one = await xray.begins(request);
  xray.wentOut(one, 5001);
  xray.passedOn(5001, 6001);
  xray.inside(inside({ from: 7000 }));
  expect(one.inside).toBeUndefined();
  xray.inside(inside({ from: 6001, store: 'MemoryStore', id: 'm', after: { m: '{"cookie":{},"cart":[]}' } }));
  expect(one.after).toMatchObject({ id: 'm', document: { cart: [] } });
});
