import { describe, expect, it } from 'vitest';
import { cookieValue, makeCase } from '#shop/case.ts';
import { caseOf, readMoment, wrongId, wrongIndex, wrongMoment, wrongUser } from './case-findings.ts';

const CASES = [1, 7, 4711, 19900305].map(makeCase);

it('knows the right findings of every case', () => {
  for (const each of CASES) {
    expect(wrongId(each.wanted._id, each)).toBeUndefined();
    expect(wrongUser(String(each.loggedIn.session.userId), each)).toBeUndefined();
    expect(wrongMoment(each.wanted.expires.toISOString(), each)).toBeUndefined();
  }
  expect(wrongIndex('expires_1', 'expires_1', ['_id_'])).toBeUndefined();
});

it('never tells the right finding with a wrong one', () => {
  for (const each of CASES) {
    const { wanted, loggedIn, sessions } = each;
    const id = wanted._id;
    const userId = String(loggedIn.session.userId);
    const findings = [
      '',
      id,
      id.slice(0, 6),
      `s:${id}`,
      cookieValue(id, 'x'),
      `${id}.sig`,
      ...sessions.map(({ _id }) => _id),
    ];
    for (const found of findings) {
      expect(wrongId(found, each) ?? '').not.toContain(id);
      expect(wrongUser(found, each) ?? '').not.toContain(userId);
      expect(wrongMoment(found, each) ?? '').not.toContain(wanted.expires.toISOString().slice(0, 10));
      expect(wrongIndex(found, 'expires_1', ['_id_']) ?? '').not.toContain('expires_1');
    }
  }
});

it('has no case of 0', () => {
  expect(caseOf(0)).toBeUndefined();
  expect(caseOf(7)).toEqual(makeCase(7));
});

describe('an ID', () => {
  const told = (found: (id: string, cookie: string) => string) =>
    CASES.map((each) => wrongId(found(each.wanted._id, cookieValue(each.wanted._id, 'any')), each));

  it.each<[string, (id: string, cookie: string) => string, string]>([
    ['nothing', () => '', 'Nothing is written yet'],
    ['the cookie as a browser shows it', (_id, cookie) => cookie, 'whole signed cookie, still URL-encoded'],
    [
      'the cookie',
      (_id, cookie) => decodeURIComponent(cookie),
      'whole signed cookie: the ID begins after s:',
    ],
    ['s:', (id) => `s:${id}`, 'The s: in front'],
    ['s%3A', (id) => `s%3A${id}`, 'still URL-encoded in front'],
    ['the signature', (_id, cookie) => cookie.slice(cookie.indexOf('.') + 1), 'This is the signature'],
    ['the ID and what follows', (_id, cookie) => cookie.slice(4), 'The ID ends at the dot'],
    ['its beginning', (id) => `${id.slice(0, 6)}…`, 'This is how the ID begins. All of it has 32'],
    ['its last letter missing', (id) => id.slice(0, -1), 'This is how the ID begins'],
    ['capitals', (id) => id.toUpperCase(), 'Capitals and small letters'],
    ['quotes', (id) => `"${id}"`, 'something around it'],
    ['one of nobody', () => 'x'.repeat(32), 'No session of case'],
  ])('%s', (_name, found, words) => {
    for (const text of told(found)) expect(text).toContain(words);
  });

  it('of another session, which is described', () => {
    for (const each of CASES) {
      expect(wrongId(each.loggedIn._id, each)).toContain('the one of the user who is logged in');
      const texts = each.sessions.map(({ _id }) => wrongId(_id, each) ?? '').join();
      expect(texts).toMatch(/logged out.*in the cart|in the cart.*logged out/s);
      expect(texts).toContain('a userId and no isLoggedIn');
      expect(texts).not.toContain('undefined');
    }
  });
});

describe('a moment', () => {
  const TRUTH = Date.UTC(2031, 4, 9, 23, 15, 42, 123);
  it.each([
    '2031-05-09T23:15:42.123Z',
    '2031-05-09T23:15:42.123+00:00',
    '2031-05-09 23:15:42.123',
    '2031-05-09 23:15:42.123 UTC',
    'ISODate("2031-05-09T23:15:42.123Z")',
    'new Date("2031-05-09T23:15:42.123Z")',
    '2031-05-10T01:15:42.123+02:00',
    '2031-05-10T01:15:42.123+0200',
  ])('is read: %s', (text) => {
    expect(readMoment(text)).toBe(TRUTH);
  });

  it.each([
    'Fri, 09 May 2031 23:15:42 GMT',
    'May 9, 2031 at 11:15:42 PM UTC',
    'Sat May 10 2031 01:15:42 GMT+0200 (Central European Summer Time)',
  ])('is read, to the second: %s', (text) => {
    expect(readMoment(text)).toBe(TRUTH - 123);
  });

  it.each([
    '',
    '09.05.2031',
    '5/9/2031, 11:15:42 PM',
    '2031-05-09',
    '2031-13-40T23:15:42Z',
    'tomorrow',
    '1936048542123',
  ])('is not read, since it could be another one: %s', (text) => {
    expect(readMoment(text)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['2036-09-24T23:30Z', 'The seconds of this moment are missing'],
    ['2036-09-24 23:30', 'The seconds of this moment are missing'],
    ['ISODate("2036-09-24T23:30+00:00")', 'The seconds of this moment are missing'],
    ['2036-09-24', 'its time is missing'],
    ['24.09.2036', 'which number is the day'],
    ['9/24/2036, 11:30:12 PM', 'which number is the day'],
    ['Sep 24, 2036 at 11:30:12 PM', 'needs its zone'],
    ['2105905812000', 'This is a number'],
    ['2036-13-40T23:15:42Z', 'cannot be read as a moment'],
    ['tomorrow', 'cannot be read as a moment'],
  ])('%s is told for what it lacks', (found, words) => {
    for (const each of CASES) expect(wrongMoment(found, each)).toContain(words);
  });

  it.each([-11, -4, -3.5, 1, 5.75, 14])('in local time, %d hours from UTC', (hours) => {
    for (const each of CASES) {
      const local = new Date(each.wanted.expires.getTime() + hours * 3_600_000).toISOString();
      expect(wrongMoment(local, each)).toMatch(
        new RegExp(`This is local time, ${Math.abs(hours)} hours? ${hours > 0 ? 'ahead of' : 'behind'} UTC`),
      );
      expect(wrongMoment(local.slice(0, 19), each)).toContain('This is local time');
    }
  });

  it.each<[string, number, string]>([
    ['a few seconds off', 3000, 'Copy it with its seconds'],
    ['a day off', 24 * 3_600_000, 'does not expire then'],
    ['minutes off', 7 * 60_000, 'does not expire then'],
  ])('%s', (_name, off, words) => {
    for (const each of CASES) {
      expect(wrongMoment(new Date(each.wanted.expires.getTime() + off).toISOString(), each)).toContain(words);
    }
  });
});

it.each<[string, string]>([
  ['', 'Nothing is written yet'],
  ['_id_', 'that one only finds documents'],
  ['expires', 'the key of the index'],
  ['{ expires: 1 }', 'the key of the index'],
  ['{"expires":1}', 'the key of the index'],
  ['expires: 1', 'the key of the index'],
  ['shop.sessions.expires_1', 'something around it'],
  ['expireAfterSeconds', 'not what it is called'],
  ['ttl', 'not what it is called'],
  ['sessions_1', 'no index of this name'],
])('an index: %s', (found, words) => {
  expect(wrongIndex(found, 'expires_1', ['_id_'])).toContain(words);
});
