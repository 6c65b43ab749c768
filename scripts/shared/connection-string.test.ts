import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { redactor, shownUri } from './connection-string.ts';

test('nothing secret is left of an error of the driver, which repeats what it was given', () => {
  const odd = 'mongodb://ann:zz@qq@host';
  expect(redactor(odd)(`Invalid connection string "${odd}"`)).toBe('Invalid connection string "••••"');
  const encoded = 'mongodb://ann:zz%20qq@h/shop?authSource=';
  expect(redactor(encoded)('zz%20qq, zz qq')).toBe('••••, ••••');
  const uri = 'mongodb://ann:zzqq@h/?tlsCertificateKeyFilePassword=xx%2Fyy&tls=true';
  expect(redactor(uri)('bad decrypt xx/yy or xx%2Fyy')).toBe('bad decrypt •••• or ••••');
});

test('no piece of a password that holds unescaped characters is shown either', () => {
  const redact = redactor('mongodb://ada:open@sesame-1234/x@127.0.0.1/shop');
  expect(redact('getaddrinfo ENOTFOUND sesame-1234')).toBe('getaddrinfo ENOTFOUND ••••');
  expect(redact('open, sesame-1234/x, open@sesame-1234')).toBe('••••, ••••, ••••');
  expect(redact('connect to 127.0.0.1')).toBe('connect to 127.0.0.1');
});

test.each([
  ['mongodb://ann:pw@h:1/shop?w=majority', 'mongodb://ann:••••@h:1/shop?w=majority'],
  ['mongodb://ann:p@ss@h.test/shop', 'mongodb://ann:••••@h.test/shop'],
  ['mongodb://ann;p:w@h/shop', 'mongodb://••••:••••@h/shop'],
  ['mongodb://ann%40home.test:pw@h/shop', 'mongodb://ann%40home.test:••••@h/shop'],
  ['mongodb://h/shop', 'mongodb://h/shop'],
  ['mongodb://h?w=1', 'mongodb://h/?w=1'],
  ['mongodb://h:27017/shop?appName=me@home', 'mongodb://h:27017/shop?appName=me@home'],
  ['mongodb://ann:se/cret', 'mongodb://••••'],
  ['mongodb://secret@h/shop', 'mongodb://••••@h/shop'],
  ['mongodb://ann%3Apw@h/shop', 'mongodb://••••@h/shop'],
  ['mongodb://ann:p[w@rest', 'mongodb://ann:••••@••••'],
  ['mongodb://ann:p[w@host.test:1,localhost:2/shop', 'mongodb://ann:••••@host.test:1,localhost:2/shop'],
  ['mongodb://h/shop?password=pw&w=1', 'mongodb://h/shop?password=••••&w=1'],
  ['mongodb://ann:sesame@h/?authSource=sesame', 'mongodb://ann:••••@h/?authSource=••••'],
  [
    'mongodb://h/?tls=true&authMechanismProperties=AWS_SESSION_TOKEN:to&ken',
    'mongodb://h/?tls=true&authMechanismProperties=••••&••••',
  ],
  ['ann:pw@h', '(not shown: it does not begin like a connection string)'],
])('%s is shown as %s', (uri, shown) => {
  expect(shownUri(uri)).toBe(shown);
});

test('a string that is sound is shown with what the driver reads in it', () => {
  const uri = 'mongodb+srv://ann:pw@cluster.example.org/shop?retryWrites=true';
  expect(new MongoClient(uri).options.srvHost).toBe('cluster.example.org');
  expect(shownUri(uri)).toBe(uri.replace('pw', '••••'));
});
