import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeSync } from '../../setup/files.mjs';
import { checked, readFlow } from './flow.ts';
import { flowOfHar } from './har.ts';

const dir = mkdtempSync(join(tmpdir(), 'workshop-flow-'));
afterAll(() => removeSync(dir));
const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

describe('a flow file', () => {
  it('says what a visitor does; the method of a form is POST', () => {
    const flow = {
      logIn: { path: '/in', form: { user: '{username}', password: '{password}' } },
      private: '/me',
    };
    expect(readFlow(file('flow.json', JSON.stringify(flow)), undefined)).toEqual({
      logIn: { method: 'POST', ...flow.logIn },
      private: '/me',
    });
  });

  it.each([
    [{ login: {} }, 'there is no "login" in a flow'],
    [{ logIn: { path: 'https://shop.example.com/login' } }, '"logIn.path" is a path of the app'],
    [{ logIn: { path: '//elsewhere.example/' } }, '"logIn.path" is a path of the app'],
    [{ logIn: { path: '/', form: { a: 1 } } }, '"logIn.form.a" is a text'],
    [{ logIn: { path: '/', form: {}, json: {} } }, 'has form and json'],
    [{ account: { user: 'ann' } }, 'there is no "user" in "account"'],
    [[], 'a flow is an object'],
  ])('%j is refused with what is wrong', (flow, words) => {
    expect(() => checked(flow, 'flow.json')).toThrow(words);
  });

  it('that is no JSON is named', () => {
    expect(() => readFlow(file('broken.json', '{'), undefined)).toThrow(
      /^--flow .*broken\.json cannot be read/,
    );
  });
});

const request = (method: string, path: string, postData?: object) => ({
  request: {
    method,
    url: `http://localhost:3000${path}`,
    headers: [{ name: 'Referer', value: 'http://localhost:3000/login' }],
    ...(postData && { postData }),
  },
});
const har = (...entries: object[]) => ({ log: { version: '1.2', entries } });
const WITH_TEXT = {
  mimeType: 'application/x-www-form-urlencoded',
  text: 'email=ann%40example.com&password=s3cret+1&_csrf=abc',
};

describe('a HAR file', () => {
  it.each([
    ['as DevTools writes a form, cookies left out', WITH_TEXT],
    [
      'with params alone',
      {
        mimeType: WITH_TEXT.mimeType,
        params: [
          { name: 'email', value: 'ann%40example.com' },
          { name: 'password', value: 's3cret+1' },
        ],
      },
    ],
  ])('%s: the login, its page and its user', (_, postData) => {
    const flow = flowOfHar(
      har(request('GET', '/'), request('POST', '/login', postData), request('POST', '/logout')),
      'a.har',
    );
    expect(flow.logIn).toEqual({
      method: 'POST',
      path: '/login',
      page: '/login',
      form: { email: '{email}', password: '{password}' },
    });
    expect(flow.account).toEqual({
      email: 'ann@example.com',
      username: 'ann@example.com',
      password: 's3cret 1',
    });
    expect(flow.logOut).toEqual({ method: 'POST', path: '/logout' });
  });

  it.each(['devtools', 'devtools-sensitive', 'playwright', 'playwright-minimal'])(
    '%s, recorded in Chromium: sign-up, login, change, logout and a page of the user',
    (name) => {
      const recording = join(import.meta.dirname, '..', 'fixtures', 'recordings', `${name}.har`);
      const secret = '{password}';
      expect(readFlow(undefined, recording)).toEqual({
        signUp: {
          method: 'POST',
          path: '/signup',
          page: '/signup',
          form: { email: '{email}', password: secret, password2: secret },
        },
        logIn: {
          method: 'POST',
          path: '/login',
          page: '/login',
          form: { email: '{email}', password: secret },
        },
        logOut: { method: 'POST', path: '/logout', page: '/me', form: {} },
        change: { method: 'POST', path: '/cart', page: '/me', form: { product: 'mug' } },
        private: '/me',
      });
    },
  );

  it('what is no text in a body stays as it was', () => {
    const postData = { mimeType: 'application/json', text: '{"password":"x","email":"a@b.c","days":30}' };
    expect(flowOfHar(har(request('POST', '/login', postData)), 'a.har').logIn?.json).toEqual({
      password: '{password}',
      email: '{email}',
      days: 30,
    });
  });

  it('a login that is sent in another way is named', () => {
    const postData = { mimeType: 'multipart/form-data; boundary=x', text: '--x' };
    expect(() => flowOfHar(har(request('POST', '/login', postData)), 'a.har')).toThrow('multipart/form-data');
  });

  it('a login by fetch, after a sign-up: the audit makes a user of its own', () => {
    const json = (body: object) => ({ mimeType: 'application/json', text: JSON.stringify(body) });
    const flow = flowOfHar(
      har(
        request('POST', '/api/register', json({ username: 'ann', password: 'x', confirmPassword: 'x' })),
        request('POST', '/api/login', json({ username: 'ann', password: 'x' })),
        request('POST', '/api/cart', json({ product: 'mug' })),
      ),
      'a.har',
    );
    expect(flow).toEqual({
      signUp: {
        method: 'POST',
        path: '/api/register',
        json: { username: '{username}', password: '{password}', confirmPassword: '{password}' },
      },
      logIn: { method: 'POST', path: '/api/login', json: { username: '{username}', password: '{password}' } },
      change: { method: 'POST', path: '/api/cart', json: { product: 'mug' } },
    });
  });

  it('without a login, and what is no HAR, are refused', () => {
    expect(() => flowOfHar(har(request('GET', '/')), 'a.har')).toThrow('a.har has no login in it');
    expect(() => flowOfHar({}, 'a.har')).toThrow('a.har is no HAR file');
  });
});
