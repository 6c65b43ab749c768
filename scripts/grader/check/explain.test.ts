import { describe, expect, it } from 'vitest';
import { findError, meaningOf } from './explain.ts';

const DIR = '/home/ann/shop/.workshop/graded/7-1/01-memory-store';

describe('an error in what a shop printed', () => {
  it('of the compiler', () => {
    const output = `Error: Transform failed with 1 error:
${DIR}/app.ts:12:4: ERROR: Expected ")" but found "app"
    at failureErrorWithLog (/home/ann/shop/node_modules/esbuild/lib/main.js:1467:15)`;
    expect(findError(output, DIR)).toEqual({
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
    expect(findError(output, DIR)).toEqual({
      message: "TypeError: Cannot read properties of undefined (reading 'cart')",
      file: 'routes/cart.ts',
      line: 31,
    });
  });

  it('in a stack trace of file URLs', () => {
    const output = `Error: boom\n    at createApp (file://${DIR}/app.ts:7:9)`;
    expect(findError(output, DIR)).toEqual({ message: 'Error: boom', file: 'app.ts', line: 7 });
  });

  it('in a stack trace of file URLs, in a folder with a space and an umlaut', () => {
    const dir = '/home/Jörg Müller/shop/01-memory-store';
    const output = `Error: boom\n    at createApp (file://${encodeURI(dir)}/app.ts:7:9)`;
    expect(findError(output, dir)).toEqual({ message: 'Error: boom', file: 'app.ts', line: 7 });
  });

  it.each([
    ['a path', 'C:\\Users\\ann\\shop\\01\\app.ts:7:9'],
    ['a file URL', 'file:///C:/Users/ann/shop/01/app.ts:7:9'],
  ])('on Windows, as %s', (_, place) => {
    const output = `Error: boom\r\n    at createApp (${place})\r\n`;
    expect(findError(output, 'C:\\Users\\ann\\shop\\01')).toEqual({
      message: 'Error: boom',
      file: 'app.ts',
      line: 7,
    });
  });

  it('is the last of several', () => {
    const output = `Error: first\n    at a (${DIR}/app.ts:1:1)\nError: last\n    at b (${DIR}/app.ts:2:2)`;
    expect(findError(output, DIR)).toEqual({ message: 'Error: last', file: 'app.ts', line: 2 });
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
    expect(findError(output, DIR)).toEqual({ message: 'MongoServerError: not primary' });
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
    expect(findError(`${first}\n    at createApp (${DIR}/app.ts:3:9)`, DIR)).toEqual(error);
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
    ['Error: of their own', /threw this error itself/],
  ])('%s', (message, words) => {
    expect(meaningOf(message)).toMatch(words);
  });
});
