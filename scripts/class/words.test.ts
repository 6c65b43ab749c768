import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCode, makeCode, makePassword, readCode } from './join-code.ts';
import { readAddress } from './learner/address.ts';
import { freeNickname, keyOf, readNickname } from './nickname.ts';
import { likelyRedactor } from './redact-likely.ts';

describe('a nickname', () => {
  it.each([
    ['Ann', 'Ann'],
    ['  Ann   Marie ', 'Ann Marie'],
    ["O'Neil-Jörg_2.0", "O'Neil-Jörg_2.0"],
    ['Олена', 'Олена'],
    ['李小龍', '李小龍'],
    // Two encodings of é become one.
    ['Rene\u0301', 'Ren\u00e9'],
    ['नमस्ते', 'नमस्ते'],
  ])('may be %j', (given, shown) => expect(readNickname(given)).toBe(shown));

  it.each([
    ['nothing', undefined, 'missing'],
    ['a list', ['Ann'], 'missing'],
    ['blank', ' ', 'missing'],
    ['25 letters', 'x'.repeat(25), 'too long: 24 letters at most'],
    ['a book', 'x'.repeat(100_000), 'too long'],
    ['markup', '<b>Ann</b>', 'cannot have'],
    ['a formula', '=1+1', 'cannot have'],
    ['an option', '-Ann', 'cannot have'],
    ['turned round', 'Ann\u202eevE', 'cannot have'],
    ['a zero byte', 'Ann\u0000', 'cannot have'],
    ['a colour of the terminal', 'A\u001b[2Jnn', 'cannot have'],
    ['an invisible space', 'Ann\u200b', 'cannot have'],
    ['two lines', 'A\nnn', 'cannot have'],
    ['piled up accents', 'Z\u0336\u0334\u0335\u0338\u0337algo', 'cannot have'],
  ])('may not be %s', (_what, given, words) => expect(() => readNickname(given)).toThrow(words));

  it('is offered with a number when it is taken, and is one that may be', () => {
    expect(freeNickname('Ann', new Set(['ann', 'ann 2']))).toBe('Ann 3');
    const long = 'x'.repeat(24);
    const free = freeNickname(long, new Set([keyOf(long)]));
    expect(readNickname(free)).toBe(`${'x'.repeat(22)} 2`);
  });
});

describe('a join code', () => {
  it('is read however it is typed', () => {
    const code = makeCode();
    expect(code).toMatch(/^[B-DF-HJKMNP-TV-Z2-9]{6}$/);
    for (const typed of [code, formatCode(code), ` ${formatCode(code).toLowerCase()} `])
      expect(readCode(typed)).toBe(code);
    expect([undefined, 7, ['KQ7M2F']].map(readCode)).toEqual(['', '', '']);
  });

  it('is not the password, nor like it', () => {
    expect(makePassword()).toMatch(/^[a-z2-9]{4}(?:-[a-z2-9]{4}){3}$/);
    expect(makePassword()).not.toBe(makePassword());
  });
});

describe('an address', () => {
  it.each([
    ['192.168.1.5:4600', 'http://192.168.1.5:4600'],
    ['192.168.1.5', 'http://192.168.1.5:4600'],
    ['192.168.1.5:80', 'http://192.168.1.5'],
    ['http://teacher.local:4601/', 'http://teacher.local:4601'],
    ['http://teacher.local', 'http://teacher.local'],
    ['https://class.example.org', 'https://class.example.org'],
    ['[fe80::1]:4600', 'http://[fe80::1]:4600'],
  ])('%s is %s', (typed, address) => expect(readAddress(typed)).toBe(address));

  it.each(['', '192.168.1.5:99999', 'ftp://x', 'a b', 'user:pw@host', 'host/path', 'javascript:alert(1)'])(
    'is not %j',
    (typed) => expect(() => readAddress(typed)).toThrow('is no address. One looks like 192.168.1.5:4600'),
  );
});

describe("the workshop's own words", () => {
  const own = likelyRedactor();
  const OURS =
    'The document belongs to the cookie, but the cart is kept elsewhere. It goes into req.session.cart.';

  it('are kept, sentence for sentence, and nothing else is', () => {
    expect(own(OURS)).toBe(OURS);
    expect(own(`The sessions go to "my-secret". ${OURS}`)).toBe(`… ${OURS}`);
    expect(own(`A. B. ${OURS} C! D?`)).toBe(`… ${OURS} …`);
    expect(own('Mallory was here.')).toBeUndefined();
    expect(own('')).toBeUndefined();
  });

  it('hold what is in the checks, whatever comes in', () => {
    const check = readFileSync(new URL('../../checks/03-session-config.check.ts', import.meta.url), 'utf8');
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const kept = own(`${before} ${OURS} ${after}`) ?? '';
        const others = kept.replace(OURS, '').split(/(?<=[.?!])\s+|…/);
        for (const each of others.map((other) => other.trim())) expect(own(each) ?? '').toBe(each);
      }),
    );
    expect(check).toContain(OURS.split('. ')[0]);
  });
});
