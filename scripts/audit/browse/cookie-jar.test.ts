import { expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.ts';

const URL_ = new URL('http://localhost:4711/shop');
const sent = (jar: CookieJar) => jar.sentTo(URL_).map(({ name, value }) => `${name}=${value}`);

it('a lenient one keeps a cookie that browsers refuse, and says so', () => {
  const line = 'a=1; Path=/; SameSite=None';
  for (const isLenient of [false, true]) {
    const jar = new CookieJar(() => 0, isLenient);
    expect(jar.take([line], URL_)).toMatchObject([{ line }]);
    expect(sent(jar.copy(URL_))).toEqual(isLenient ? ['a=1'] : []);
  }
});

it('a copy has the cookies and their ends, and does not hear of changes', () => {
  let now = Date.UTC(2030, 0, 1);
  const jar = new CookieJar(() => now);
  jar.take(['a=s%3Ax.y%2Fz; Path=/; Max-Age=60; HttpOnly; SameSite=Lax', 'b=1; Path=/'], URL_);
  const copy = jar.copy(URL_);
  jar.take(['b=2; Path=/'], URL_);
  expect(sent(copy)).toEqual(['a=s%3Ax.y%2Fz', 'b=1']);
  expect(copy.get('a')?.endsAt).toBe(now + 60_000);
  now += 61_000;
  expect(sent(copy)).toEqual(['b=1']);
  expect(sent(jar)).toEqual(['b=2']);
});
