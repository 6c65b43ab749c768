import { sign } from 'cookie-signature';
import { describe, expect, it } from 'vitest';
import { describeCart, Exchange, sessionIdIn, shortened } from './exchange.ts';

const COOKIE = 'connect.sid=s%3AQ7n2kPq0bO5mE8sD1vR6uH3.signature; Path=/; HttpOnly';
const SHORT = 'connect.sid=s%3AQ7n2kPq0bO5m…; Path=/; HttpOnly';

function exchange(sent: string, response: Partial<Exchange> = {}): Exchange {
  return new Exchange(sent, { status: 200, headers: {}, setCookieLines: [], body: '', ...response });
}

const CART = `<ul>
  <li data-product="mug" data-quantity="2">Mug</li>
  <li class="line" data-product="teapot"
      data-quantity="10">Teapot</li>
</ul>`;

describe('the cart that a page shows', () => {
  it('is read line by line', () => {
    expect(exchange('GET /cart', { body: CART }).cart).toEqual([
      { product: 'mug', quantity: 2 },
      { product: 'teapot', quantity: 10 },
    ]);
  });

  it('is empty on any other page', () => {
    expect(exchange('GET /', { body: '<li data-product="mug">' }).cart).toEqual([]);
    expect(exchange('GET /').cart).toEqual([]);
  });

  it('is told in words', () => {
    expect(describeCart([])).toBe('an empty cart');
    expect(describeCart(exchange('GET /cart', { body: CART }).cart)).toBe('a cart with 2 × mug, 10 × teapot');
  });
});

it('reads whose account page it is', () => {
  expect(exchange('GET /account', { body: '<section data-user="u-ada">' }).account).toBe('u-ada');
  expect(exchange('GET /account', { body: '<section data-user="">' }).account).toBe('');
  expect(exchange('GET /account', { status: 303 }).account).toBeUndefined();
});

it('reads the message at the top of a page', () => {
  const body = '<p class="flash" role="status">Welcome, Ada.</p>';
  expect(exchange('GET /', { body }).flash).toBe('Welcome, Ada.');
  expect(exchange('GET /').flash).toBeUndefined();
  const escaped = '<p class="flash">Don&#39;t &lt;i&gt; &amp;amp; &#34;go&#34;</p>';
  expect(exchange('GET /', { body: escaped }).flash).toBe('Don\'t <i> &amp; "go"');
});

describe('what came back, in words', () => {
  it.each([
    ['a message', 'GET /', { body: '<p class="flash">Hi.</p>' }, '200, the message "Hi."\nno Set-Cookie'],
    [
      'an account',
      'GET /account',
      { body: '<p data-user="u-ada">' },
      '200, the account page of u-ada\nno Set-Cookie',
    ],
    [
      'an account of nobody',
      'GET /account',
      { body: '<p data-user="">' },
      '200, the account page of nobody\nno Set-Cookie',
    ],
    ['a page', 'GET /', {}, '200\nno Set-Cookie'],
    ['a cart', 'GET /cart', { body: CART }, '200, a cart with 2 × mug, 10 × teapot\nno Set-Cookie'],
    ['an empty cart', 'GET /cart\nno Cookie', {}, '200, an empty cart\nno Set-Cookie'],
    ['no cart but an error', 'GET /cart', { status: 500 }, '500\nno Set-Cookie'],
    [
      'a redirect',
      'POST /cart',
      { status: 302, headers: { location: '/cart' } },
      '302 to /cart\nno Set-Cookie',
    ],
    ['cookies', 'GET /', { setCookieLines: [COOKIE, 'a=b'] }, `200\nSet-Cookie: ${SHORT}\nSet-Cookie: a=b`],
  ])('%s', (_, sent, response, words) => {
    expect(exchange(sent, response).got).toBe(words);
  });
});

describe('cookies', () => {
  it('are found by name, decoded', () => {
    const got = exchange('GET /', { setCookieLines: ['a=b', COOKIE] });
    expect(got.setCookie('connect.sid')).toMatchObject({
      value: 's:Q7n2kPq0bO5mE8sD1vR6uH3.signature',
      httpOnly: true,
      path: '/',
    });
    expect(got.setCookie('sid')).toBeUndefined();
  });

  it('are shown short, and only the long part of a session is cut', () => {
    expect(shortened(COOKIE)).toBe(SHORT);
    expect(shortened('a=1; connect.sid=s%3Ashort.x; b=2')).toBe('a=1; connect.sid=s%3Ashort.x; b=2');
    expect(shortened('theme=dark')).toBe('theme=dark');
  });
});

describe('the session ID in a cookie', () => {
  const value = `s:${sign('the-id', 'right')}`;

  it('is there when the signature is right', () => {
    expect(sessionIdIn(value, 'right')).toBe('the-id');
  });

  it('is not there when the signature is of another secret, or there is none', () => {
    expect(sessionIdIn(value, 'wrong')).toBeUndefined();
    expect(sessionIdIn('the-id', 'right')).toBeUndefined();
    expect(sessionIdIn('s:the-id', 'right')).toBeUndefined();
    expect(sessionIdIn(value.slice(2), 'right')).toBeUndefined();
  });

  it('is taken as it is without a secret, up to the last dot', () => {
    expect(sessionIdIn('s:id.with.dots.signature')).toBe('id.with.dots');
    expect(sessionIdIn('j:{}')).toBeUndefined();
  });
});
