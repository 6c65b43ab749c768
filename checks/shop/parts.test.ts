import { describe, expect, it } from 'vitest';
import { findLessons } from '../../scripts/course/lessons.ts';
import { readAddress, readConfig } from '../../solutions/shop/config.ts';
import { describeBrowser } from '../../solutions/shop/devices.ts';

const SESSION_SECRET = '0123456789abcdef0123456789abcdef';
const MONGODB_URI = 'mongodb://127.0.0.1:27017/shop';

describe('the configuration', () => {
  it('needs an address and a secret', () => {
    expect(readConfig({ MONGODB_URI, SESSION_SECRET })).toEqual({
      mongodbUri: MONGODB_URI,
      sessionSecret: SESSION_SECRET,
      previousSecrets: [],
      behindProxy: false,
    });
  });

  it('may say more', () => {
    const before = `${SESSION_SECRET}-1,${SESSION_SECRET}-2`;
    const env = { PREVIOUS_SESSION_SECRETS: before, NODE_ENV: 'production', DATABASE_TIMEOUT_MS: '5000' };
    expect(readConfig({ MONGODB_URI, SESSION_SECRET, ...env })).toMatchObject({
      previousSecrets: before.split(','),
      behindProxy: true,
      databaseTimeoutMs: 5000,
    });
    expect(readAddress({ PORT: '8080', HOST: '0.0.0.0' })).toEqual({ port: 8080, host: '0.0.0.0' });
    expect(readAddress({ PORT: '' })).toEqual({ port: undefined, host: '127.0.0.1' });
    expect(readAddress({ PORT: '0' }).port).toBe(0);
    expect(readAddress({ PORT: '65535' }).port).toBe(65_535);
  });

  it.each(['65536', '70000', '0x50', '-1', 'abc', '3000abc', ' '])('is not told port %j', (PORT) => {
    expect(() => readAddress({ PORT })).toThrow('PORT is not a whole number from 0 to 65535.');
  });

  it('builds the address from parts, and names the database', () => {
    const parts = { MONGODB_USER: 'ada', MONGODB_PASSWORD: 'p@ss/word', MONGODB_HOST: 'cluster.mongodb.net' };
    expect(readConfig({ SESSION_SECRET, ...parts }).mongodbUri).toBe(
      'mongodb+srv://ada:p%40ss%2Fword@cluster.mongodb.net/shop?authSource=admin',
    );
  });

  it.each([
    ['MONGODB_URI', undefined, /MONGODB_URI is missing/],
    ['MONGODB_URI', '"mongodb://h3re/"', /MONGODB_URI has quotes/],
    ['MONGODB_URI', 'mongodb://<username>:p4ss@host/', /placeholder/],
    ['MONGODB_URI', 'mongodb://host/?a=1&amp;b=p4ss', /HTML/],
    ['MONGODB_URI', 'postgres://ada:p4ss@host/', /does not make a connection string/],
    ['SESSION_SECRET', undefined, /SESSION_SECRET is missing/],
    ['SESSION_SECRET', 'sh0rt', /SESSION_SECRET is too short/],
    ['PREVIOUS_SESSION_SECRETS', 'sh0rt', /PREVIOUS_SESSION_SECRETS is too short/],
    ['DATABASE_TIMEOUT_MS', 's00n', /DATABASE_TIMEOUT_MS is not a whole number from 0/],
    ['DATABASE_TIMEOUT_MS', '99999999999', /DATABASE_TIMEOUT_MS is not a whole number from 0/],
  ])('says what is wrong with %s=%s, and not what it is', (name, value, says) => {
    const read = () => readConfig({ MONGODB_URI, SESSION_SECRET, [name]: value });
    expect(read).toThrow(says);
    if (value) expect(read).not.toThrow(new RegExp(value.match(/\w*\d\w*/)?.[0] ?? value));
  });
});

describe('a browser in words', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      'Chrome on Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
      'Safari on macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      'Chrome on ChromeOS',
    ],
    ['curl/8.5.0', 'A browser'],
    [undefined, 'A browser'],
    ['<script>alert(1)</script>', 'A browser'],
  ])('%s', (userAgent, words) => {
    expect(describeBrowser(userAgent)).toBe(words);
  });
});

it('is no lesson: its folder has no number', () => {
  expect(findLessons().map(({ folder }) => folder)).not.toContain('shop');
});
