import { describe, expect, it } from 'vitest';
import { findError, meaningOf } from './learner-error.ts';

const DIR = '/home/ann/shop/.workshop/graded/7-1/01-memory-store';

describe('an error in what a shop printed', () => {
  it('of the compiler', () => {
    const output = `Error: Transform failed with 1 error:
${DIR}/app.ts:12:4: ERROR: Expected ")" but found "app"
    at failureErrorWithLog (/home/ann/shop/node_modules/esbuild/lib/main.js:1467:15)`;
    expect(findError(output, DIR)).toMatchObject({
      message: 'SyntaxError: Expected ")" but found "app"',
      file: 'app.ts',
      line: 12,
    });
  });

  it('in a stack trace, with the first line of the answer in it', () => {
    const output = `the shop is open
TypeError: Cannot read properties of undefined (reading 'cart')
    at cartLines (/home/ann/shop/lessons/shop/cart.ts:9:3)
    at show (${DIR}/routes/cart.ts:31:48)
    at createApp (${DIR}/app.ts:5:1)`;
    expect(findError(output, DIR)).toMatchObject({
      message: "TypeError: Cannot read properties of undefined (reading 'cart')",
      file: 'routes/cart.ts',
      line: 31,
    });
  });

  it('in a stack trace of file URLs', () => {
    const output = `Error: boom\n    at createApp (file://${DIR}/app.ts:7:9)`;
    expect(findError(output, DIR)).toMatchObject({ message: 'Error: boom', file: 'app.ts', line: 7 });
  });

  it('in a stack trace of file URLs, in a folder with a space and an umlaut', () => {
    const dir = '/home/Jörg Müller/shop/01-memory-store';
    const output = `Error: boom\n    at createApp (file://${encodeURI(dir)}/app.ts:7:9)`;
    expect(findError(output, dir)).toMatchObject({ message: 'Error: boom', file: 'app.ts', line: 7 });
  });

  it.each([
    ['a path', 'C:\\Users\\ann\\shop\\01\\app.ts:7:9'],
    ['a file URL', 'file:///C:/Users/ann/shop/01/app.ts:7:9'],
  ])('on Windows, as %s', (_, place) => {
    const output = `Error: boom\r\n    at createApp (${place})\r\n`;
    expect(findError(output, 'C:\\Users\\ann\\shop\\01')).toMatchObject({
      message: 'Error: boom',
      file: 'app.ts',
      line: 7,
    });
  });

  it('is the last of several', () => {
    const output = `Error: first\n    at a (${DIR}/app.ts:1:1)\nError: last\n    at b (${DIR}/app.ts:2:2)`;
    expect(findError(output, DIR)).toMatchObject({ message: 'Error: last', file: 'app.ts', line: 2 });
    expect(findError(output, DIR, 'first')).toMatchObject({
      message: 'Error: first',
      file: 'app.ts',
      line: 1,
    });
  });

  it('is one that was thrown, not a line in a log that begins alike', () => {
    const output = `Error connecting: undefined\nTypeError: x is not a function\n    at a (${DIR}/app.ts:1:1)`;
    expect(findError(output, DIR, 'first')).toMatchObject({
      message: 'TypeError: x is not a function',
      line: 1,
    });
  });

  it('has all lines of its message, but no session and no ID', () => {
    const output = `Error: Error setting bArxX_IEDtis4sUn6RY7uZ4ViKKdTlFI to Session {
  cookie: {
    path: '/'
  },
  userId: new ObjectId('69')
}: Unsupported BSON version, bson types must be from bson 6.x.x
    at MongoDBStore.set (/home/ann/node_modules/connect-mongodb-session/index.js:224:19)`;
    expect(findError(output, DIR)).toEqual({
      message:
        'Error: Error setting the session: Unsupported BSON version, bson types must be from bson 6.x.x',
      package: 'connect-mongodb-session',
    });
    expect(findError(`Error: one\n  two\n    at a (${DIR}/app.ts:1:1)`, DIR)?.message).toBe(
      'Error: one\n  two',
    );
  });

  it('has its place before it, where Node cannot link the files', () => {
    const output = `file://${DIR}/store.ts:2
import { MongoDBStore } from 'connect-mongodb-session';
         ^^^^^^^^^^^^
SyntaxError: The requested module 'connect-mongodb-session' does not provide an export named 'MongoDBStore'
    at ModuleJob._instantiate (node:internal/modules/esm/module_job:180:21)`;
    expect(findError(output, DIR)).toMatchObject({
      message: expect.stringContaining("named 'MongoDBStore'"),
      file: 'store.ts',
      line: 2,
    });
  });

  it('may come from nowhere in the answer', () => {
    const output =
      'MongoServerError: not primary\n    at Connection (/home/ann/node_modules/mongodb/x.js:1:2)';
    expect(findError(output, DIR)).toEqual({
      message: 'MongoServerError: not primary',
      package: 'mongodb',
    });
  });

  it('may have a code, and the path of the copy is not shown', () => {
    const output = `Error [ERR_MODULE_NOT_FOUND]: Cannot find module '${DIR}/gone.ts' imported from ${DIR}/app.ts`;
    expect(findError(output, DIR)?.message).toBe(
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'gone.ts' imported from app.ts",
    );
  });

  it.each([
    ['without a text', 'Error', { message: 'Error', file: 'app.ts', line: 3 }],
    ['of a kind of its own', 'CartError: empty', { message: 'CartError: empty', file: 'app.ts', line: 3 }],
  ])('may be one %s', (_, first, error) => {
    expect(findError(`${first}\n    at createApp (${DIR}/app.ts:3:9)`, DIR)).toMatchObject(error);
  });

  it.each(['', 'the shop is open', 'no errors: all is well', 'Errors so far: 0'])(
    'may not be there: "%s"',
    (output) => {
      expect(findError(output, DIR)).toBeUndefined();
    },
  );

  it('is searched for in a folder whose name has signs that a pattern would understand', () => {
    const dir = '/home/ann/shop (copy) [1]+';
    expect(findError(`Error: x\n    at a (${dir}/app.ts:3:1)`, dir)).toMatchObject({
      file: 'app.ts',
      line: 3,
    });
  });
});

describe('what an error means', () => {
  it.each([
    ["TypeError: Cannot read properties of undefined (reading 'cart')", /req\.session is undefined/],
    ["TypeError: Cannot set properties of undefined (setting 'cart')", /req\.session is undefined/],
    ['Error: secret option required for sessions', /config\.sessionSecret/],
    [
      "SyntaxError: The requested module 'x' does not provide an export named 'MongoDBStore'",
      /no MongoDBStore/,
    ],
    ['MongoParseError: Invalid scheme, expected connection string', /config\.mongodbUri/],
    ["Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'", /spelling/],
    ['SyntaxError: Expected ")"', /bracket/],
    ['ReferenceError: sesion is not defined', /declares or imports/],
    ["SyntaxError: The requested module 'node:crypto' does not provide an export named 'x'", /import/],
    ['Error: of their own', /No line of the answer is in its stack/],
    ['TypeError: argument name is invalid', /name of the session cookie/],
    ["Error: Error setting the session: cannot use 'w' > 1 when a host is not replicated", /more copies/],
  ])('%s', (message, words) => {
    expect(meaningOf(message)).toMatch(words);
  });

  it('with a line of the answer in its stack', () => {
    expect(meaningOf('Error: of their own', { file: 'app.ts' })).toMatch(/threw this error itself/);
  });

  it('of a property that is unpacked', () => {
    const text = '    const { loggedInAt = Date.now() } = req.session;';
    expect(
      meaningOf(
        "TypeError: Cannot read properties of undefined (reading 'loggedInAt')",
        {},
        { text, column: 13 },
      ),
    ).toMatch(/session\(\) is not mounted/);
  });

  const UNDEFINED = "TypeError: Cannot read properties of undefined (reading 'cart')";
  const NULL = "TypeError: Cannot read properties of null (reading 'cart')";
  it.each([
    [UNDEFINED, '  const cart = (req.session as any).cart;', /^req\.session is undefined/],
    [UNDEFINED, '  res.json(cartLines(req.session!.cart));', /^req\.session is undefined/],
    [
      "TypeError: Cannot read properties of undefined (reading 'push')",
      '  (req.session as any).cart.push(item);',
      /^\(req\.session as any\)\.cart is undefined when this line asks for its push/,
    ],
    [UNDEFINED, '  cartLines(user.cart);', /^user is undefined when this line asks for its cart\.$/],
    [UNDEFINED, '  cartLines(carts.get(req.ip).cart);', /^carts\.get\(req\.ip\) is undefined/],
    [NULL, '  cartLines(req.session.cart);', /set it to null/],
    [NULL, '  cartLines(user.cart);', /user is null.*MongoDB stores undefined as null/],
    [
      "TypeError: Cannot read properties of undefined (reading 'save')",
      '  await save(req);',
      /^req\.session is/,
    ],
    [
      "TypeError: Cannot read properties of undefined (reading 'save')",
      '  req.user.save();',
      /^req\.user is/,
    ],
    [
      "TypeError: Cannot read properties of undefined (reading 'product')",
      'find(req.body.product)',
      /read the form/,
    ],
    ["TypeError: Cannot destructure property 'email' of 'req.body' as it is undefined.", '', /read the form/],
    ['TypeError: cart.get is not a function', '  cart.get(product.id)', /plain data/],
    ['TypeError: req.session.who.isAdmin is not a function', 'req.session.who.isAdmin()', /plain data/],
  ])('%s in %s', (message, text, words) => {
    expect(meaningOf(message, {}, { text })).toMatch(words);
  });

  it('goes by the expression at the column, when the line has several', () => {
    const text = 'req.session.cart = user.cart;';
    expect(meaningOf(UNDEFINED, {}, { text, column: 25 })).toMatch(/^user is undefined/);
    expect(meaningOf(UNDEFINED, {}, { text, column: 13 })).toMatch(/^req\.session is undefined/);
  });

  it.each([
    ['TypeError: fn is not a function', /callback/],
    ['Error: Dynamic require of "x" is not supported', /ES module/],
    ["TypeError: Class constructor MongoStore cannot be invoked without 'new'", /version 4/],
    ['MongoParseError: options usecreateindex, usefindandmodify are not supported', /old driver/],
    ['MongoParseError: option usecreateindex is not supported', /old driver/],
    ['TypeError: Missing parameter name at 1: https://git.new/pathToRegexpError', /Express 5/],
    ['TypeError: maxAge must be a number or Date', /milliseconds/],
    ['TypeError: option expires is invalid: Invalid Date', /NaN/],
    [
      'Error: Error setting the session: Unsupported BSON version, bson types must be from bson 6.x.x',
      /String\(user/,
    ],
    ['TypeError: req.session.touch is not a function', /replaced/],
    ['TypeError: Converting circular structure to JSON', /refers back/],
  ])('%s', (message, words) => {
    expect(meaningOf(message)).toMatch(words);
  });

  it('is not told, and no line is promised, when the stack has no line of the answer', () => {
    const words = meaningOf('Error: odd', { message: 'Error: odd', package: 'router' });
    expect(words).toMatch(/router/);
    expect(words).not.toMatch(/line below/);
  });
});
