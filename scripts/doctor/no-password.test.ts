import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { diagnose } from './diagnose.ts';
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

test('a password is never shown, whatever signs it holds, raw or encoded, in words or as JSON', async () => {
  await fc.assert(
    fc.asyncProperty(secret, shape, fc.boolean(), async ({ text, pieces }, uriOf, encode) => {
      const uri = uriOf(encode ? encodeURIComponent(text) : text);
      // Nobody can tell whether the end of such a string is a host or of a password.
      fc.pre(!(uri.endsWith(text) && uri.includes('@')));
      // A proxy would be asked, which is a network.
      const findings = uri.includes('proxyHost') ? [] : await diagnose(uri, { names });
      const connection = { source: { uri, from: '.env', cut: false } as const, findings };
      const output =
        JSON.stringify(asJson({ machine: [], connection })) + inWords({ machine: [], connection }, 80);
      for (const each of pieces) expect(output).not.toContain(each);
    }),
    { numRuns: 400 },
  );
});
