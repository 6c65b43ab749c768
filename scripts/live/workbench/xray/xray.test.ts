import { sign } from 'cookie-signature';
import { expect, it } from 'vitest';
import type { InsideReport } from '../../../grader/shop-process/shop-messages.ts';
import { chainView } from '../view/chain-view.ts';
import { documentView } from '../view/document-view.ts';
import { exchangeLine } from '../view/xray-view.ts';
import type { SeenCommand, SeenExchange, StoredSession } from './exchange.ts';
import { remarksOn } from './remarks.ts';
import { checkSignature, secretsOf, sessionCookieIn } from './session-cookie.ts';
import { XRay } from './xray.ts';

const cookieOf = (id: string, secret = 'new') => `connect.sid=${encodeURIComponent(`s:${sign(id, secret)}`)}`;
const SECRETS = [
  { name: 'config.sessionSecret', value: 'new' },
  { name: 'previous secret 1', value: 'old' },
];
const CALL: NonNullable<InsideReport['call']> = {
  resave: 'false',
  saveUninitialized: 'false',
  rolling: undefined,
  store: 'MongoDBStore',
  touches: false,
  name: undefined,
  unknown: [],
  cookie: { maxAge: undefined, secure: undefined, path: undefined, domain: undefined, sameSite: undefined },
};
const inside = (more: Partial<InsideReport> = {}): InsideReport => ({
  kind: 'inside',
  facts: { port: 1, request: 'GET /cart', events: ['session', 'end'], session: 'there', keys: [] },
  call: CALL,
  id: undefined,
  secrets: ['new'],
  store: 'MongoDBStore',
  hasTouch: false,
  ...more,
});
const from = (port: number) => ({ ...inside().facts, port });
const withFacts = (more: Partial<InsideReport['facts']>, call: Partial<typeof CALL> = {}) =>
  inside({ facts: { ...inside().facts, ...more }, call: { ...CALL, ...call } });
const SECURE = { secure: true, path: '/', domain: undefined, expires: null };
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
  [
    'a file above the session',
    { isAsset: true, inside: inside({ call: undefined, store: undefined }) },
    /served above it/,
  ],
  [
    'no session() at all',
    { inside: inside({ call: undefined, store: undefined }) },
    /nothing above this route calls session/,
  ],
  ['a forged cookie', { cookie: cookieOf('id', 'guessed') }, /The store was not asked: the signature/],
  ['a session that ended', { cookie: cookieOf('id'), commands: [find('found 0')] }, /no session of that ID/],
  ['a visitor who only looks', {}, /saveUninitialized is false/],
  [
    'an unchanged session',
    { cookie: cookieOf('id'), before: stored('id'), after: stored('id'), commands: [find('found 1')] },
    /resave is false.*no touch/,
  ],
  [
    'an unchanged session whose store touches it',
    {
      cookie: cookieOf('id'),
      before: stored('id'),
      after: stored('id'),
      commands: [{ ...update, name: 'EXPIRE sess:id' }],
      inside: inside({ store: 'RedisStore', hasTouch: true }),
    },
    /resave is false\. Its end was moved by the store’s touch: EXPIRE\./,
  ],
  [
    'an unchanged session in memory',
    {
      cookie: cookieOf('id'),
      before: { ...stored('id'), ends: 1 },
      after: { ...stored('id'), ends: 2 },
      inside: inside({ store: 'MemoryStore', hasTouch: true }),
    },
    /was not written.*moved by the store’s touch, in memory/,
  ],
  [
    'a path outside of the cookie’s',
    { inside: withFacts({ events: ['no session: path'] }, { cookie: { ...CALL.cookie, path: '/account' } }) },
    /outside of the cookie’s path, \/account/,
  ],
  [
    'a store with an error',
    { inside: withFacts({ events: ['no session: error'] }) },
    /The store gave an error/,
  ],
  [
    'a second session()',
    { inside: withFacts({ events: ['session', 'second session()'] }) },
    /called twice.*the second one/,
  ],
  [
    'Secure by plain http',
    {
      after: stored('id'),
      commands: [update],
      inside: withFacts({ events: ['session', 'end', 'save', 'save done'], cookie: SECURE }),
    },
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

it.each([
  ['EXPIRE sess:id', 'matched 1', 'Its end was set anew, and nothing else.'],
  ['SET sess:id', 'done', 'It was written all the same.'],
  ['update shop.sessions', 'matched 1', 'It was written all the same.'],
  ['update shop.sessions', 'matched 0', undefined],
  ['SET sess:id', "READONLY You can't write against a read only replica.", undefined],
  ['SET sess:id', 'no answer', undefined],
])('an unchanged session: %s, %s', (name, result, words) => {
  const commands = [{ ...update, name, result }];
  const { text } = documentView(seen({ before: stored('id'), after: stored('id'), commands }));
  expect(text).toContain('unchanged');
  if (words) expect(text).toContain(words);
  else expect(text).not.toMatch(/written|end/);
});

it('names what the session is kept in', () => {
  const kept = (where: string) =>
    chainView(
      seen({ cookie: cookieOf('id'), before: { ...stored('id'), where }, after: { ...stored('id'), where } }),
    ).text;
  expect(kept('Redis, sess:…')).toContain('<h3>Key</h3>');
  expect(kept('MongoDB, shop.sessions')).toContain('<h3>Document</h3>');
  expect(chainView(seen({ cookie: cookieOf('id') })).text).toMatch(/<h3>Stored<\/h3><p>none with this ID/);
});

it('says nothing that was not seen', () => {
  expect(remarksOn(seen({ status: undefined as never, ms: undefined as never }))).toEqual([]);
  const { inside: _, ...unreported } = seen({});
  expect(remarksOn(unreported)).toEqual([]);
  expect(remarksOn(seen({ cookie: cookieOf('id'), commands: [find('no answer')] })).join()).not.toMatch(
    /no session of that ID/,
  );
  // Other options of session() are no reason.
  const same = { cookie: cookieOf('id'), before: stored('id'), after: stored('id') };
  const otherwise = withFacts({}, { resave: 'true', saveUninitialized: 'true', rolling: 'true' });
  expect(remarksOn(seen({ ...same, inside: otherwise }))).toEqual([]);
  expect(remarksOn(seen({ inside: otherwise }))).toEqual([]);
});

it('gives a command to the request that is about the same session, also when two run', async () => {
  const xray = new XRay(() => {}, Date.now);
  const ann = await xray.begins({ ...request, cookie: cookieOf('a') });
  const ben = await xray.begins({ ...request, shopper: 'Ben', cookie: cookieOf('b') });
  xray.command(find('found 1'), ['a']);
  // A new session: no cookie names it yet, and two requests run.
  xray.command(update, ['c']);
  expect([ann.commands.length, ben.commands.length]).toEqual([1, 0]);
  await xray.ended(ben, { status: 200, ms: 1, setCookies: [cookieOf('c')] });
  expect(ben.commands).toEqual([update]);
  xray.command(find('found 1'), ['b']);
  xray.command(find('found 0'), ['z']);
  expect(ben.commands[1]).toMatchObject({ late: true });
  expect(ann.commands).toHaveLength(1);
});

it('gives no request a command that was received before it came', async () => {
  const xray = new XRay(() => {}, Date.now);
  const login = await xray.begins({ ...request, method: 'POST', path: '/login' });
  const received = performance.now();
  const account = await xray.begins({ ...request, path: '/account', cookie: cookieOf('new-id') });
  xray.command(update, ['new-id'], received);
  await xray.ended(account, { status: 200, ms: 1 });
  expect(account.commands).toEqual([]);
  await xray.ended(login, { status: 303, ms: 1, setCookies: [cookieOf('new-id')] });
  expect(login.commands).toEqual([update]);
});

it('gives a request the commands of a session that got no cookie, once the shop has said its ID', async () => {
  const xray = new XRay(() => {}, Date.now);
  const one = await xray.begins(request);
  xray.wentOut(one, 5001);
  xray.command(update, ['secret-id']);
  await xray.ended(one, { status: 200, ms: 1 });
  expect(one.commands).toEqual([]);
  xray.inside(inside({ facts: from(5001), id: 'secret-id' }));
  expect(one.commands).toEqual([update]);
});

it('matches what the shop’s process reports by the port, also behind a balancer', async () => {
  const xray = new XRay(() => {}, Date.now);
  const one = await xray.begins(request);
  xray.wentOut(one, 5001);
  xray.passedOn(5001, 6001);
  xray.inside(inside({ facts: from(7000) }));
  expect(one.inside).toBeUndefined();
  xray.inside(
    inside({ facts: from(6001), store: 'MemoryStore', id: 'm', after: { m: '{"cookie":{},"cart":[]}' } }),
  );
  expect(one.after).toMatchObject({ id: 'm', document: { cart: [] } });
});

it('says that a MemoryStore does not know an ID, though a document with it is in the database', async () => {
  const xray = new XRay(() => {}, Date.now);
  xray.about(SECRETS, { read: async (id) => stored(id) });
  const memory = inside({ facts: from(5001), store: 'MemoryStore', id: 'new', before: {}, after: {} });
  for (const reportsFirst of [true, false]) {
    const one = await xray.begins({ ...request, cookie: cookieOf('old') });
    xray.wentOut(one, 5001);
    if (reportsFirst) xray.inside(memory);
    await xray.ended(one, { status: 200, ms: 1 });
    if (!reportsFirst) xray.inside(memory);
    expect([one.before, one.after]).toEqual([undefined, undefined]);
    expect(remarksOn(one).join('\n')).toMatch(/MemoryStore of this process knows no session of that ID/);
    expect(chainView(one).text).toContain('MemoryStore does not know this ID');
  }
});

it.each([
  ['never answers', () => new Promise<never>(() => {})],
  ['fails', () => Promise.reject(new Error('gone'))],
])('a database beside the shop that %s holds no request up for good', async (_, read) => {
  const xray = new XRay(() => {}, Date.now);
  xray.about(SECRETS, { read });
  const one = await xray.begins({ ...request, cookie: cookieOf('a') });
  await xray.ended(one, { status: 200, ms: 1 });
  expect([one.before, one.after]).toEqual([undefined, undefined]);
});

it('shows what has come of an answer that goes on', () => {
  const streams = exchangeLine(seen({ status: 200, ms: undefined as never }));
  expect(streams.text).toContain('200 comes …');
  expect(exchangeLine(seen({ status: undefined as never, ms: undefined as never })).text).toContain(
    'waits …',
  );
});
