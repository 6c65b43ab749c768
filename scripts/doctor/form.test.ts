import { MongoClient } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { examineForm } from './form.ts';
import { lookUp } from './look-up.ts';
import type { ProblemId } from './problems/catalogue.ts';

const ill = (uri: string) =>
  examineForm(uri)
    .findings.filter(({ verdict }) => verdict === 'fault' || verdict === 'warning')
    .map(({ id }) => id);

/** The driver's error for a string; empty when it takes it. */
function driverOn(uri: string): string {
  try {
    new MongoClient(uri);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  'mongodb://127.0.0.1:27017/shop',
  'mongodb://localhost/shop',
  'mongodb://[::1]:27017/shop',
  'mongodb://a.example:1,b.example:2,c.example/shop?replicaSet=rs0',
  'mongodb://ann:p%40ss%2Fword@127.0.0.1/shop?authSource=admin&retryWrites=true&w=majority',
  'mongodb+srv://ann:pw@cluster0.ab1cd.mongodb.net/shop?retryWrites=true&w=majority&appName=me@home',
  'mongodb://ann:a%20b@127.0.0.1/shop',
  'mongodb://%2Ftmp%2Fmongodb-27017.sock/shop',
  'mongodb://ann@127.0.0.1/shop?tls=true&authMechanism=MONGODB-X509',
  'mongodb://127.0.0.1/shop\n',
  'mongodb://127.0.0.1/shop?w=2&compressors=zlib&readConcernLevel=majority&readPreference=primaryPreferred',
])('nothing is wrong with %s, and the driver agrees', (uri) => {
  expect(driverOn(uri.trim())).toBe('');
  expect(ill(uri)).toEqual([]);
  expect(examineForm(uri).next).toBeDefined();
});

/** For these the driver has another problem's message, such as that of an unescaped character in a password. */
const SAME_WORDS: readonly ProblemId[] = ['placeholder', 'database-name', 'hosts', 'whitespace'];

describe('what the driver refuses or misunderstands is named, and nothing else', () => {
  test.each<[string, ProblemId]>([
    ['', 'scheme'],
    ['shop', 'scheme'],
    ['http://127.0.0.1/shop', 'scheme'],
    ['mongodb:/127.0.0.1/shop', 'scheme'],
    ['"mongodb://127.0.0.1/shop"', 'quotes'],
    ["'mongodb://127.0.0.1/shop", 'quotes'],
    ['“mongodb://127.0.0.1/shop”', 'quotes'],
    [' mongodb://127.0.0.1/shop', 'whitespace'],
    ['mongodb://127.0.0.1/shop?retryWrites=true\n&w=majority', 'whitespace'],
    ['mongodb://127.0.0.1 /shop', 'whitespace'],
    ['mongodb://127.0.0.1/shop?retryWrites=true&amp;w=majority', 'copy-paste'],
    ['mongodb://127.0.0.1/shop\\?retryWrites\\=true\\&w\\=majority', 'backslash'],
    ['mongodb://<username>:<password>@127.0.0.1/shop', 'placeholder'],
    ['mongodb://ann:%3Cpassword%3E@127.0.0.1/shop', 'placeholder'],
    ['mongodb+srv://ann:pw@<cluster>/shop', 'placeholder'],
    ['mongodb://127.0.0.1/<database>', 'placeholder'],
    ['mongodb://ann:p@ss@127.0.0.1/shop', 'password'],
    ['mongodb://ann:p/ss@127.0.0.1/shop', 'password'],
    ['mongodb://ann:p@s/s@127.0.0.1/shop', 'password'],
    ['mongodb://ann:p?a=b@127.0.0.1/shop', 'password'],
    ['mongodb://ann:p#ss@127.0.0.1/shop', 'password'],
    ['mongodb://ann:p:ss@127.0.0.1/shop', 'password'],
    ['mongodb://ann:100%@127.0.0.1/shop', 'password'],
    ['mongodb://ann:%ff@127.0.0.1/shop', 'password'],
    ['mongodb://ann@home:pw@127.0.0.1/shop', 'password'],
    ['mongodb://:pw@127.0.0.1/shop', 'password'],
    ['mongodb://ann@127.0.0.1/shop', 'credentials'],
    ['mongodb://ann%3Apw@127.0.0.1/shop', 'credentials'],
    ['mongodb:///shop', 'hosts'],
    ['mongodb://ann:pw@/shop', 'hosts'],
    ['mongodb://ann:p', 'hosts'],
    ['mongodb://127.0.0.1:abc/shop', 'hosts'],
    ['mongodb://127.0.0.1:99999/shop', 'hosts'],
    ['mongodb+srv://cluster.example.org:27017/shop', 'hosts'],
    ['mongodb+srv://a.example.org,b.example.org/shop', 'hosts'],
    ['mongodb://127.0.0.1', 'database-name'],
    ['mongodb://127.0.0.1/?retryWrites=true', 'database-name'],
    ['mongodb://127.0.0.1/?shop', 'database-name'],
    ['mongodb://127.0.0.1?w=majority/shop', 'database-name'],
    ['mongodb://127.0.0.1/shop/sessions', 'database-name'],
    ['mongodb://127.0.0.1/my.shop', 'database-name'],
    ['mongodb://127.0.0.1/shop?retrywrite=false', 'options'],
    ['mongodb://127.0.0.1/shop?retryWrites=maybe', 'options'],
    ['mongodb://127.0.0.1/shop?retryWrites=', 'options'],
    ['mongodb://127.0.0.1/shop?w=1&w=2', 'options'],
    // The driver takes this @ for the end of the login.
    ['mongodb://127.0.0.1:27017/shop?appName=me@home', 'options'],
    ['mongodb://127.0.0.1/shop;', 'trailing-sign'],
    ['mongodb://127.0.0.1/shop?retryWrites=true&w=majority;', 'trailing-sign'],
    ['mongodb://127.0.0.1/shop ;', 'trailing-sign'],
    ["'mongodb://127.0.0.1/shop?retryWrites=true", 'quotes'],
    ['MONGODB_URI=mongodb://127.0.0.1/shop', 'scheme'],
    ['mongodb://127.0.0.1/shop?w=majority/sessions', 'write-concern'],
    ['mongodb://127.0.0.1/shop?w=majority;x', 'write-concern'],
    ['mongodb://127.0.0.1/shop?w=Majority', 'write-concern'],
    ['mongodb://127.0.0.1/shop?w=0', 'write-unacknowledged'],
    ['mongodb://127.0.0.1/shop?readConcernLevel=most', 'read-concern'],
    ['mongodb://127.0.0.1/shop?readPreference=secondaryPreferred', 'read-preference'],
    ['mongodb://127.0.0.1/shop?readPreference=second', 'options'],
    ['mongodb://127.0.0.1/shop?compressors=gzip', 'compressors'],
    ['mongodb://127.0.0.1/shop?compressors=snappy,zlib', 'optional-package'],
    ['mongodb://127.0.0.1/shop?proxyHost=proxy.example', 'optional-package'],
    ['mongodb://127.0.0.1/shop?proxyPort=1080', 'options'],
    ['mongodb://127.0.0.1/shop?tls=true&tlsCAFile=/nowhere/ca.pem', 'tls-file'],
    ['mongodb://127.0.0.1/shop?authMechanism=PASSWORD', 'auth-mechanism'],
    ['mongodb://127.0.0.1/shop?useCreateIndex=true', 'old-options'],
    ['mongodb://a.example,b.example/shop?directConnection=true', 'hosts'],
    ['mongodb://127.0.0.1/shop?tls=true&tlsAllowInvalidCertificates=true', 'tls-unchecked'],
  ])('%s: %s', (uri, id) => {
    expect(ill(uri)).toEqual([id]);
    const said = driverOn(uri);
    // The driver's message leads to the same problem, unless several problems have that message.
    if (said) expect([...lookUp(said).map(({ id }) => id), ...SAME_WORDS], said).toContain(id);
  });

  test('two things at once, each by its name', () => {
    expect(ill('mongodb://ann:p@ss@127.0.0.1/shop?retryWrites=true&amp;w=majority')).toEqual([
      'copy-paste',
      'password',
    ]);
  });
});

test('a fault ends the reading; a missing name does not', () => {
  expect(examineForm('mongodb://ann:p/ss@h/shop').next).toBeUndefined();
  expect(examineForm('mongodb://127.0.0.1').next).toMatchObject({ hosts: '127.0.0.1', database: '' });
});
