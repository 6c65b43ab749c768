import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logsIn, openStage, type ShopTheatre, signsUp } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

const users = () => theatre.client.db('shop').collection<{ _id: string; email: string }>('users');

describe('signing up', () => {
  it('makes an account that outlives sessions, and logs in', async () => {
    const [ann, customer] = await signsUp(theatre, 'ann');
    const user = await users().findOne({ email: customer.email });
    expect((await ann.visits('/account')).account).toBe(user?._id);
    await ann.posts('/logout');
    const later = await logsIn(theatre, customer, 'ann, later');
    expect((await later.visits('/account')).account).toBe(user?._id);
  });

  it('keeps argon2id hashes of its own salt, with the cost that OWASP asks for, and no password', async () => {
    const password = 'the same for both of us';
    for (const email of ['hash-1@example.com', 'hash-2@example.com'])
      await theatre.stage.shopper(email).posts('/signup', { email, password });
    const stored = await users()
      .find({ email: /^hash-/ })
      .toArray();
    const hashes = stored.map((user) => (user as unknown as { passwordHash: string }).passwordHash);
    expect(hashes).toEqual(Array(2).fill(expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)));
    expect(new Set(hashes).size).toBe(2);
    expect(JSON.stringify(stored)).not.toContain(password);
  });

  it('says beside the field what is wrong with it, and makes no account', async () => {
    const before = await users().countDocuments();
    const eve = theatre.stage.shopper('eve');
    const both = await eve.asks('/signup', { email: 'eve', password: 'fourteen chars' });
    expect(both.status).toBe(422);
    expect(both.body).toMatch(/id="email-problem">This is not an email address/);
    expect(both.body).toMatch(/id="password-problem">The password needs at least 15 characters/);
    expect(both.body).toMatch(
      /name="email"[^>]*aria-invalid="true" aria-describedby="email-problem" autofocus/,
    );
    expect(both.body).toMatch(
      /name="password"[^>]*aria-describedby="password-hint password-problem" aria-invalid="true"/,
    );
    expect(both.body).not.toContain('fourteen chars');
    const long = await eve.asks('/signup', { email: 'eve@example.com', password: 'x'.repeat(129) });
    expect(long.body).toContain('up to 128 characters');
    expect(long.body).not.toContain('email-problem');
    expect(await users().countDocuments()).toBe(before);
    expect(eve.sessionCookie()).toBeUndefined();
  });

  it('takes passwords as they are: spaces, any script, no rules on kinds of characters', async () => {
    for (const password of ['                ', 'пароль пароль пароль', 'aaaaaaaaaaaaaaa', '🗝️'.repeat(15)]) {
      const email = `any-${[...password].length}-${password.length}@example.com`;
      expect((await theatre.stage.shopper('any').asks('/signup', { email, password })).status).toBe(303);
    }
  });

  it('has an email once, however it is written, also when two come at the same time', async () => {
    const password = 'one of us will have it';
    const forms = ['Same@Example.com', ' same@example.com', 'same@example.com'].map((email) =>
      theatre.stage.shopper(email).asks('/signup', { email, password }),
    );
    const statuses = (await Promise.all(forms)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([303, 422, 422]);
    expect(await users().countDocuments({ email: 'same@example.com' })).toBe(1);
  });

  it('takes lists and nothing for what they are: no email, no password', async () => {
    const url = await theatre.stage.shop.opened();
    for (const body of ['', 'email=a@b.c&email=d@e.f&password=x&password=y', 'email[$gt]=&password[$gt]=']) {
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
      for (const [path, status] of [
        ['/signup', 422],
        ['/login', 401],
      ] as const)
        expect((await fetch(url + path, { method: 'POST', body, headers: type })).status).toBe(status);
    }
  });
});

describe('logging in and out', () => {
  it('leads to the cart when there is one, else to the account', async () => {
    const [, customer] = await signsUp(theatre, 'ben');
    const ben = theatre.stage.shopper('ben');
    expect((await ben.posts('/login', { ...customer })).headers.location).toBe('/account');
    await ben.posts('/logout');
    await ben.adds('mug');
    expect((await ben.posts('/login', { ...customer })).headers.location).toBe('/cart');
  });

  it('stores the flags, the moment and the browser in words, and nothing of the user', async () => {
    const [cem, customer] = await signsUp(theatre, 'cem');
    const stored = (await theatre.stage.mongo.session(cem.sessionId() ?? ''))?.session ?? {};
    expect(Object.keys(stored).sort()).toEqual(
      ['cookie', 'csrfToken', 'device', 'flash', 'isLoggedIn', 'loggedInAt', 'userId'].sort(),
    );
    expect(JSON.stringify(stored)).not.toContain(customer.email);
  });

  it('gives the new session another token than the one before had', async () => {
    const [, customer] = await signsUp(theatre, 'dot');
    const dot = theatre.stage.shopper('dot');
    await dot.adds('mug');
    const before = await dot.token();
    await dot.posts('/login', { ...customer });
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(await dot.token()).not.toBe(before);
  });

  it('is refused whole when its session cannot be stored: no cookie, and no session in Mongo', async () => {
    const [, customer] = await signsUp(theatre, 'gil');
    const before = await theatre.stage.mongo.sessions();
    for (const [path, fields] of [
      ['/login', { ...customer }],
      ['/cart', { product: 'mug' }],
    ] as const) {
      theatre.stage.mongo.tap.fail('update', { code: 13, message: 'not authorized' });
      const answer = await theatre.stage.shopper('gil').asks(path, fields);
      expect(answer).toMatchObject({ status: 503, setCookieLines: [] });
      await theatre.stage.mongo.tap.behave();
    }
    expect(await theatre.stage.mongo.sessions()).toEqual(before);
  });

  it('out twice, or without a session, is no error', async () => {
    const [ann] = await signsUp(theatre, 'fay');
    for (const _time of [1, 2]) expect((await ann.posts('/logout')).headers.location).toBe('/');
  });
});

describe('guessing', () => {
  it('is over after ten wrong passwords for an account, for everybody and only for that one', async () => {
    const [, victim] = await signsUp(theatre, 'victim');
    const mallory = theatre.stage.shopper('mallory');
    const guess = () =>
      mallory.asks('/login', { email: victim.email.toUpperCase(), password: 'is it this one' });
    for (let times = 1; times <= 10; times++) expect((await guess()).status).toBe(401);
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.body).toMatch(/role="alert"[^>]*>Too many attempts. Please wait 15 minutes/);
    expect((await mallory.asks('/login', { ...victim })).status).toBe(429);
    const [, other] = await signsUp(theatre, 'other');
    expect((await mallory.asks('/login', { ...other })).status).toBe(303);
  });

  it('counts no login that the database was not there for', async () => {
    const [, customer] = await signsUp(theatre, 'patient');
    const patient = theatre.stage.shopper('patient');
    theatre.stage.mongo.tap.fail('find', { code: 13, times: 12 });
    for (let times = 1; times <= 12; times++)
      expect((await patient.asks('/login', { ...customer })).status).toBe(503);
    expect((await patient.asks('/login', { ...customer })).status).toBe(303);
  });

  it('counts no login that was right', async () => {
    const [, customer] = await signsUp(theatre, 'often');
    for (let times = 1; times <= 12; times++) await logsIn(theatre, customer, 'often');
    expect((await theatre.stage.shopper('often').asks('/login', { ...customer })).status).toBe(303);
  });
});
