import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import { asJson, asText } from './report.ts';

// The doctor waits in these tests, and the machine may be busy.
/** Pieces that no message contains, joined by characters that mean something in a URI. */
const piece = fc.stringMatching(/^[qxzQXZ]{4,8}$/);
const sign = fc.constantFrom(...'@/:?#[]%&=+ \\"<>,;$^ü'.split(''), '%40', '&amp;', '@@');
const secret = fc
  .tuple(piece, sign, piece, sign, piece)
  .map(([a, one, b, two, c]) => ({ text: [a, one, b, two, c].join(''), pieces: [a, b, c] }));
/** Hosts that nobody has: names under .invalid are reserved (RFC 2606). */
const shape = fc.constantFrom(
  (password: string) => `mongodb://ann:${password}@host.invalid/shop`,
  (password: string) => `mongodb+srv://ann:${password}@cluster.host.invalid/?retryWrites=true&w=majority`,
  (password: string) => `mongodb://ann:${password}@host.invalid:1,other.invalid:2?appName=a@b`,
  (password: string) => `"mongodb://ann:${password}@host.invalid/shop"`,
  (password: string) => `ann:${password}@host.invalid/shop`,
  (password: string) => `mongodb://ann@${password}@host.invalid/shop`,
  (password: string) => `mongodb://ann:${password}@`,
  (password: string) => `mongodb://${password.replaceAll(':', '')}@host.invalid/shop`,
  (password: string) => `mongodb://ann;${password}@host.invalid/shop`,
  (password: string) => `mongodb://host.invalid/shop?password=${password.replaceAll('&', '')}`,
  (password: string) => `mongodb://ann:${password}`,
  (password: string) =>
    `mongodb://ann:pw@host.invalid/shop?proxyHost=p.invalid&proxyUsername=a&proxyPassword=${encodeURIComponent(password)}`,
);
/** These tests use no network: no name has an address. */
const nobody = () => Promise.reject(Object.assign(new Error('queried nobody'), { code: 'ENOTFOUND' }));
const names = { srv: nobody, txt: nobody, addresses: nobody };

test('a password is never shown, whatever signs it holds, raw or encoded, in words or as JSON', async () => {
  await fc.assert(
    fc.asyncProperty(secret, shape, fc.boolean(), async ({ text, pieces }, uriOf, encode) => {
      const uri = uriOf(encode ? encodeURIComponent(text) : text);
      // The end of such a string may be a host or the rest of a password.
      fc.pre(!(uri.endsWith(text) && uri.includes('@')));
      // A proxy would be contacted over the network.
      const findings = uri.includes('proxyHost') ? [] : await diagnose(uri, { names });
      const connection = { source: { uri, from: '.env', cut: false } as const, findings };
      const output =
        JSON.stringify(asJson({ machine: [], connection })) + asText({ machine: [], connection }, 80);
      for (const each of pieces) expect(output).not.toContain(each);
    }),
    { numRuns: 400 },
  );
});
