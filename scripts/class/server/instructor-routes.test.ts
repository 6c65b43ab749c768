import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aReport, asks, joins } from '../fixtures/learner.ts';
import {
  openTestClass,
  PASSWORD,
  serveTestClass,
  startTestClass,
  type TestClass,
} from '../fixtures/test-class.ts';

let testClass: TestClass;
beforeAll(async () => {
  testClass = await openTestClass();
});
afterAll(() => testClass.close());

/** A minimal browser for these pages: it keeps its cookie. */
class Browser {
  readonly #address: string;
  cookie = '';
  constructor({ address }: { address: string }) {
    this.#address = address;
  }
  async asks(path: string, form?: Record<string, string>, headers: Record<string, string> = {}) {
    const response = await fetch(this.#address + path, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      ...(form ? { body: new URLSearchParams(form) } : {}),
      headers: { Cookie: this.cookie, ...headers },
    });
    const set = response.headers.getSetCookie()[0];
    if (set) this.cookie = set.split(';')[0] ?? '';
    return { status: response.status, headers: response.headers, set, text: await response.text() };
  }
  async csrf(): Promise<string> {
    return (await this.asks('/')).text.match(/name="csrf" value="([^"]+)"/)?.[1] ?? '';
  }
}

async function loggedIn(at: { address: string } = testClass): Promise<Browser> {
  const browser = new Browser(at);
  const { status } = await browser.asks('/login', { password: PASSWORD });
  expect(status).toBe(303);
  return browser;
}

describe('the instructor', () => {
  it.each(['/', '/class.csv'])('alone sees %s', async (path) => {
    const stranger = await new Browser(testClass).asks(path);
    expect(stranger.status).toBe(303);
    expect(stranger.headers.get('location')).toBe('/login');
    expect((await (await loggedIn()).asks(path)).status).toBe(200);
  });

  it.each(['/end', '/remove', '/logout'])('alone may post to %s', async (path) => {
    expect((await new Browser(testClass).asks(path, { nickname: 'Ann' })).headers.get('location')).toBe(
      '/login',
    );
    expect(await testClass.records.classes.countDocuments({ endedAt: { $exists: true } })).toBe(0);
  });

  it('gets a session of its own name at login, with a new ID, small, and in MongoDB', async () => {
    const browser = await loggedIn();
    const first = browser.cookie;
    const { set } = await browser.asks('/login', { password: PASSWORD, csrf: await browser.csrf() });
    expect(set).toMatch(/^class-session=s%3A[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect(browser.cookie).not.toBe(first);
    const old = new Browser(testClass);
    old.cookie = first;
    expect((await old.asks('/')).status).toBe(303);
    expect(await testClass.records.learners.db.collection('sessions').countDocuments()).toBeGreaterThan(0);
  });

  it('is sent away for a wrong password, and after ten of them for a while', async () => {
    const other = await startTestClass();
    const browser = new Browser(other);
    for (let times = 0; times < 10; times++) {
      const { status, set } = await browser.asks('/login', { password: 'wrong' });
      expect({ status, set }).toEqual({ status: 401, set: undefined });
    }
    const { status, text } = await browser.asks('/login', { password: PASSWORD });
    expect(status).toBe(429);
    expect(text).toContain('Too many wrong passwords. Please wait 15 minutes.');
  });

  it('of one class is nobody in another one in the same database, even with the same secret', async () => {
    const other = await serveTestClass(testClass.mongoUri);
    try {
      const browser = new Browser(other);
      browser.cookie = (await loggedIn()).cookie;
      expect((await browser.asks('/')).status).toBe(303);
    } finally {
      await other.close();
    }
  });

  it('is still logged in after the class was started again', async () => {
    const first = await serveTestClass(testClass.mongoUri);
    const { cookie } = await loggedIn(first);
    await first.close();
    const again = await serveTestClass(testClass.mongoUri, undefined, first.code);
    try {
      const browser = new Browser(again);
      browser.cookie = cookie;
      expect((await browser.asks('/')).status).toBe(200);
    } finally {
      await again.close();
    }
  });

  it('logs out for good', async () => {
    const browser = await loggedIn();
    const { cookie } = browser;
    const { set } = await browser.asks('/logout', { csrf: await browser.csrf() });
    expect(set).toMatch(/^class-session=;/);
    browser.cookie = cookie;
    expect((await browser.asks('/')).status).toBe(303);
  });
});

describe('a form', () => {
  it.each([
    ['without a token', {}, {}],
    ['with a wrong one', { csrf: 'x'.repeat(64) }, {}],
    ['of another site', undefined, { Origin: 'http://evil.example' }],
    ['that a browser says is of another site', undefined, { 'Sec-Fetch-Site': 'cross-site' }],
  ])('%s changes nothing', async (_what, form, headers) => {
    const browser = await loggedIn();
    const sent = form ?? { csrf: await browser.csrf() };
    const { status, text } = await browser.asks('/end', sent, headers);
    expect(status).toBe(403);
    expect(text).toContain('Nothing was changed.');
    expect(await testClass.records.classes.countDocuments({ endedAt: { $exists: true } })).toBe(0);
  });

  it('takes a learner out of the class', async () => {
    const token = await joins(testClass, 'Rude One');
    const browser = await loggedIn();
    await browser.asks('/remove', { nickname: ' rude one ', csrf: await browser.csrf() });
    expect((await browser.asks('/')).text).toContain('Rude One was taken out of the class');
    expect(await asks(testClass, '/reports', aReport(), token)).toMatchObject({ code: 'unknown' });
    await browser.asks('/remove', { nickname: '<b>', csrf: await browser.csrf() });
    expect((await browser.asks('/')).text).toContain('Nobody in this class is called &lt;b&gt;.');
  });
});

describe('a page', () => {
  it('lets nothing but its own script run, nobody frame it, and no cache keep it', async () => {
    const { headers } = await (await loggedIn()).asks('/');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none';script-src 'self';.+frame-ancestors 'none'$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('is 404 where there is none, and says so only to the instructor', async () => {
    expect((await new Browser(testClass).asks('/nothing')).status).toBe(303);
    expect((await (await loggedIn()).asks('/nothing')).status).toBe(404);
  });
});

describe('without its database', () => {
  it('a class says so, stores nothing, and goes on when it is back', async () => {
    const cut = await startTestClass(1000);
    const token = await joins(cut, 'Ann');
    const browser = await loggedIn(cut);
    await cut.tap.refuse();
    const report = aReport();
    const refused = await asks(cut, '/reports', report, token);
    expect(refused).toMatchObject({
      ok: false,
      code: 'later',
      message: expect.stringContaining('Nothing is lost'),
    });
    const { status, headers, text } = await browser.asks('/');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(text).toContain('The class cannot reach its database');
    expect(text).not.toMatch(/Mongo[A-Z]|127\.0\.0\.1|ECONN/);
    await cut.tap.behave();
    await vi.waitFor(
      async () => expect(await asks(cut, '/reports', report, token)).toMatchObject({ ok: true }),
      {
        timeout: 120_000,
      },
    );
    expect((await cut.records.learners.findOne({}))?.reportIds).toHaveLength(1);
    await vi.waitFor(async () => expect((await browser.asks('/')).status).toBe(200), { timeout: 120_000 });
  });
});
