import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutItsWords } from '../../solutions/shop/log.ts';
import { sessionNamer } from '../../solutions/shop/session-name.ts';
import { openStage, type ShopTheatre } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

it('is a line of JSON for each request, and holds nothing that opens a session or names a person', async () => {
  const { stage } = theatre;
  const { tap } = stage.mongo;
  const ann = stage.shopper('ann');
  const customer = { email: 'ann@example.com', password: 'the password of ann' };
  const secrets: Record<string, string> = {
    ...customer,
    secret: stage.config.sessionSecret,
    note: 'at pier 39',
  };
  const remember = async (when: string) => {
    secrets[`ID ${when}`] = ann.sessionId() ?? '';
    secrets[`cookie ${when}`] = ann.sessionCookie()?.value.split('.').at(-1) ?? '';
    secrets[`token ${when}`] = (await ann.token()) ?? '';
  };

  await ann.adds('mug');
  await remember('as a visitor');
  await ann.posts('/signup', customer);
  await remember('as a user');
  await ann.tries('/login', { ...customer, password: 'not the password' });
  await ann.posts('/cart/note', { note: secrets.note ?? '' });
  await ann.asks(`/nowhere?email=${customer.email}&session=${secrets['ID as a user']}`);
  await ann.asks('/cart/note', { note: `${secrets.note} ${'x'.repeat(5000)}` });
  for (const [command, path, fields] of [
    ['find', '/cart', undefined],
    ['update', '/cart', { product: 'mug' }],
    ['delete', '/logout', {}],
  ] as const) {
    tap.fail(command, { code: 13, message: 'not authorized' });
    expect((await ann.asks(path, fields)).status).toBe(503);
  }
  await remember('at the end');
  const url = await stage.shop.opened();
  await fetch(`${url}/cart`, {
    method: 'POST',
    body: '%',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=nonsense' },
  });
  await fetch(`${url}/%E0%A4%A`);

  const printed = await stage.shop.close();
  const lines = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const requests = lines.filter(({ method }) => method);
  expect(requests).toContainEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    request: expect.stringMatching(/^[0-9a-f-]{36}$/),
    method: 'POST',
    path: '/signup',
    status: 303,
    ms: expect.any(Number),
    session: sessionNamer(stage.config.sessionSecret)(secrets['ID as a user'] ?? ''),
    user: expect.stringMatching(/^u-/),
  });
  expect(requests).toContainEqual(expect.objectContaining({ path: '/nowhere', status: 404 }));
  expect(lines.filter(({ level }) => level === 50).map(({ error }) => error)).toEqual(
    Array(3).fill(expect.objectContaining({ kind: 'StoreFailed' })),
  );
  for (const [what, secret] of Object.entries(secrets)) {
    expect([what, secret.length > 5]).toEqual([what, true]);
    expect([what, printed.includes(secret)]).toEqual([what, false]);
  }
});

describe("a session's name", () => {
  it('is the same for the same session, and another one under another secret', () => {
    const nameOf = sessionNamer('a secret');
    expect(nameOf('an ID')).toBe(nameOf('an ID'));
    expect(nameOf('an ID')).toMatch(/^[\w-]{16}$/);
    expect(nameOf('another ID')).not.toBe(nameOf('an ID'));
    expect(sessionNamer('another secret')('an ID')).not.toBe(nameOf('an ID'));
  });
});

describe('an error in the log', () => {
  it('is its kind, its code and the place, and none of its words', () => {
    const error = Object.assign(new TypeError('about s3cret\n    at two lines'), { code: 'ECODE' });
    const logged = withoutItsWords(error);
    expect(logged).toMatchObject({
      kind: 'TypeError',
      code: 'ECODE',
      at: expect.arrayContaining([expect.stringContaining('logs.test')]),
    });
    expect(JSON.stringify(logged)).not.toMatch(/s3cret|two lines/);
  });

  it('may be anything that was thrown', () => {
    expect([withoutItsWords('s3cret'), withoutItsWords(undefined)]).toEqual([
      { kind: 'string' },
      { kind: 'undefined' },
    ]);
  });
});
