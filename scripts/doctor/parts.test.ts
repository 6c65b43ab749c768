import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { describe, expect, test, vi } from 'vitest';
import { diagnose } from './diagnose.ts';
import { redactor, shownUri } from './parts.ts';
import { asJson, inWords } from './report.ts';

// Waits of the doctor's own are in here, and a machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** Pieces that are in no word of ours, put together by the signs that mean something in a URI. */
const piece = fc.stringMatching(/^[qxzQXZ]{4,8}$/);
const sign = fc.constantFrom(...'@/:?#[]%&=+ \\"<>,;$^ü'.split(''), '%40', '&amp;', '@@');
const secret = fc
  .tuple(piece, sign, piece, sign, piece)
  .map(([a, one, b, two, c]) => ({ text: [a, one, b, two, c].join(''), pieces: [a, b, c] }));
/** Hosts that nobody has: names under .invalid are never given out (RFC 2606). */
const shape = fc.constantFrom(
  (password: string) => `mongodb://ann:${password}@host.invalid/shop`,
  (password: string) => `mongodb+srv://ann:${password}@cluster.host.invalid/?retryWrites=true&w=majority`,
  (password: string) => `mongodb://ann:${password}@host.invalid:1,other.invalid:2?appName=a@b`,
  (password: string) => `"mongodb://ann:${password}@host.invalid/shop"`,
  (password: string) => `ann:${password}@host.invalid/shop`,
  (password: string) => `mongodb://ann@${password}@host.invalid/shop`,
  (password: string) => `mongodb://ann:${password}@`,
  (password: string) => `mongodb://ann:${password}`,
  (password: string) =>
    `mongodb://ann:pw@host.invalid/shop?proxyHost=p.invalid&proxyUsername=a&proxyPassword=${encodeURIComponent(password)}`,
);
/** No network in here: nobody has an address. */
const nobody = () => Promise.reject(Object.assign(new Error('queried nobody'), { code: 'ENOTFOUND' }));
const names = { srv: nobody, txt: nobody, addresses: nobody };

describe('a password is never shown', () => {
  test('whatever signs it holds, raw or encoded, in words or as JSON', async () => {
    await fc.assert(
      fc.asyncProperty(secret, shape, fc.boolean(), async ({ text, pieces }, uriOf, encode) => {
        const uri = uriOf(encode ? encodeURIComponent(text) : text);
        // Nobody can tell whether the end of such a string is a host or of a password.
        fc.pre(!(uri.endsWith(text) && uri.includes('@')));
        // A proxy would be asked, which is a network.
        const findings = uri.includes('proxyHost') ? [] : await diagnose(uri, names);
        const connection = { source: { uri, from: '.env', cut: false } as const, findings };
        const output =
          JSON.stringify(asJson({ machine: [], connection })) + inWords({ machine: [], connection }, 80);
        for (const each of pieces) expect(output).not.toContain(each);
      }),
      { numRuns: 400 },
    );
  });

  test('nor from an error of the driver, which repeats what it was given', () => {
    const odd = 'mongodb://ann:zz@qq@host';
    expect(redactor(odd)(`Invalid connection string "${odd}"`)).toBe('Invalid connection string "••••"');
    const encoded = 'mongodb://ann:zz%20qq@h/shop?authSource=';
    expect(redactor(encoded)('zz%20qq, zz qq')).toBe('••••, ••••');
    const uri = 'mongodb://ann:zzqq@h/?tlsCertificateKeyFilePassword=xx%2Fyy&tls=true';
    expect(redactor(uri)('bad decrypt xx/yy or xx%2Fyy')).toBe('bad decrypt •••• or ••••');
  });
});

test('no piece of a password that holds unescaped characters is shown either', () => {
  const redact = redactor('mongodb://ada:open@sesame-1234/x@127.0.0.1/shop');
  expect(redact('getaddrinfo ENOTFOUND sesame-1234')).toBe('getaddrinfo ENOTFOUND ••••');
  expect(redact('open, sesame-1234/x, open@sesame-1234')).toBe('••••, ••••, ••••');
  expect(redact('connect to 127.0.0.1')).toBe('connect to 127.0.0.1');
});

test.each([
  ['mongodb://ann:pw@h:1/shop?w=majority', 'mongodb://ann:••••@h:1/shop?w=majority'],
  ['mongodb://ann:p@ss@h/shop', 'mongodb://ann:••••@h/shop'],
  ['mongodb://h/shop', 'mongodb://h/shop'],
  ['mongodb://h?w=1', 'mongodb://h/?w=1'],
  ['mongodb://h:27017/shop?appName=me@home', 'mongodb://h:27017/shop?appName=me@home'],
  ['mongodb://ann:se/cret', 'mongodb://••••'],
  ['ann:pw@h', '(not shown: it does not begin like a connection string)'],
])('%s is shown as %s', (uri, shown) => {
  expect(shownUri(uri)).toBe(shown);
});

test('a string that is sound is shown with what the driver reads in it', () => {
  const uri = 'mongodb+srv://ann:pw@cluster.example.org/shop?retryWrites=true';
  expect(new MongoClient(uri).options.srvHost).toBe('cluster.example.org');
  expect(shownUri(uri)).toBe(uri.replace('pw', '••••'));
});
