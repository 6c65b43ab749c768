/** Secrets from documentation, tutorials and templates. Those of several words are tried in each usual spelling. */
const PHRASES = `
  secret, my secret, top secret, super secret, super secret key, this is a secret, this is secret, this is my secret, this is not a good secret,
  not a good secret, this should be a better secret, this should be a better secret!, shh, shhh, shhhh, shhhhh, ssshhhhh, keyboard cat, keyboard mouse,
  cat, cats, dog, dogs, some secret, some random secret, session secret, secret key, my secret key, your secret, your secret key,
  your session secret, your secret here, your secret key here, your session secret here, your session secret code here,
  <your secret>, change me, change it, change this, replace me, todo, foo, bar, foo bar, baz, test, testing,
  test secret, password, passw0rd, pass, admin, root, qwerty, qwertyuiop, abc, abc123, abcd, abcdef, 123, 1234, 12345, 123456, 1234567,
  12345678, 123456789, 1234567890, letmein, hello, hello world, world, node, nodejs, express, expressjs, express secret, express session,
  my express secret, passport, passport secret, mongo, mongodb, development, development secret, dev, dev secret, default, default secret,
  example, long secret, a long secret, my long secret, a very long secret, very secret, very secret string, very long secret, a secret,
  the secret, secret string, my secret string, random string, a random string, any string, some long string, string, text, key, my key, key1,
  key2, token, jwt, jwt secret, cookie, cookies, cookie secret, session, sessions, session cookie secret key here, secret123, secret1234,
  mysecret123, secret1, top secret key, ninja, batman, superman, unicorn, monkey, dragon, shop, blog, app, website, i love nodejs,
  i love scotch scotchy scotch scotch, i love scotch, codeworkrsecret, squirrel, anything, whatever, something, nothing, very very secret,
  manny is cool, 2C44-4D44-WppQ38S, 343ji43j4n3jn4jk3n, woot, tobi, ferret, tj, do not tell, dont tell anyone, do not tell anyone`;
/** Those with a comma. */
const OTHERS = ['shhhh, very secret', 'shhh, very secret'];

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** 'my secret', 'mysecret', 'my-secret', 'my_secret', 'MY_SECRET', 'mySecret', 'MySecret', 'My secret'. */
function spelled(phrase: string): string[] {
  const words = phrase.split(' ');
  const joined = ['', '-', '_', ' '].map((between) => words.join(between));
  const [first = '', ...rest] = words;
  const camel = first + rest.map(capital).join('');
  return [
    ...joined,
    words.join('_').toUpperCase(),
    camel,
    capital(camel),
    capital(phrase),
    phrase.toLowerCase(),
  ];
}

/** Well-known secrets. */
export const KNOWN_SECRETS: readonly string[] = [
  ...new Set([...PHRASES.trim().split(/,\s+/).flatMap(spelled), ...OTHERS]),
];
