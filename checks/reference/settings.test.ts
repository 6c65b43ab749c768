import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import connectMongoDBSession from 'connect-mongodb-session';
import express from 'express';
import session, { Cookie, MemoryStore } from 'express-session';
import { MongoClient } from 'mongodb';
import request from 'supertest';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ROOT } from '../../scripts/shared/paths.ts';
import { rowsOf } from './tables.ts';

const page = readFileSync(join(ROOT, 'lessons', 'reference', 'settings.md'), 'utf8');
/** A table's settings and the defaults it claims, without the backticks. */
const defaultsIn = (heading: string) =>
  Object.fromEntries(rowsOf(page, heading).map(([name = '', value = '']) => [bare(name), bare(value)]));
const DAY = 24 * 3600 * 1000;
const bare = (cell: string) => cell.replaceAll('`', '');
const asCell = (value: unknown) => (value === undefined ? 'none' : String(value));

// express-session does not print its deprecations when somebody listens for them.
process.on('deprecation' as never, () => {});

describe('the defaults of express-session', () => {
  /** A shop with nothing but a secret, and what its store was asked to do. */
  function plainShop() {
    const store = new MemoryStore();
    const saved = vi.spyOn(store, 'set');
    const destroyed = vi.spyOn(store, 'destroy');
    const app = express();
    app.use(session({ secret: 'for tests', store } as session.SessionOptions));
    app.get('/', (_req, res) => res.send('ok'));
    app.get('/unset', (req, res) => {
      req.session = null as never;
      res.send('ok');
    });
    return {
      get: (path: string, cookie = '') => request(app).get(path).set('Cookie', cookie),
      saved,
      destroyed,
    };
  }
  const claimed = defaultsIn('## express-session');

  it('a new session is saved, and its cookie has the name, the ID and the flags that the page says', async () => {
    const { get, saved } = plainShop();
    const [cookie = ''] = (await get('/')).headers['set-cookie'] ?? [];
    expect(saved).toHaveBeenCalledOnce();
    expect(claimed.saveUninitialized).toBe('true');
    const [, name, id = ''] = /^(.+)=s%3A([\w-]+)\.[^;]+; Path=\/; HttpOnly$/.exec(cookie) ?? [];
    expect(name).toBe(claimed.name);
    expect(`${Buffer.from(id, 'base64url').length} random bytes`).toBe(claimed.genid);
  });

  it('a session that nobody changed is saved again, its cookie is not sent again, and unset keeps it', async () => {
    const { get, saved, destroyed } = plainShop();
    const [cookie = ''] = (await get('/')).headers['set-cookie'] ?? [];
    const again = await get('/', cookie);
    expect([claimed.resave, String(saved.mock.calls.length === 2)]).toEqual(['true', 'true']);
    expect([claimed.rolling, String('set-cookie' in again.headers)]).toEqual(['false', 'false']);
    await get('/unset', cookie);
    expect([claimed.unset, destroyed.mock.calls.length]).toEqual(['keep', 0]);
  });

  it('its cookie', () => {
    const cookie = new Cookie() as unknown as Record<string, unknown>;
    const claimed = defaultsIn('### Its cookie');
    expect(claimed.domain).toBe('none: this host');
    for (const [name, value] of Object.entries({ ...claimed, domain: 'none', expires: 'null' }))
      expect(`${name} ${asCell(cookie[name])}`).toBe(`${name} ${value}`);
  });
});

it('the defaults of connect-mongodb-session', async () => {
  // A port where nobody listens. What the store is told comes from its options; to connect it need not.
  const uri = 'mongodb://127.0.0.1:1/shop';
  const MongoDBStore = connectMongoDBSession(session);
  const connectionOptions = { serverSelectionTimeoutMS: 1 };
  const store = await new Promise<{ options: Record<string, unknown>; client: MongoClient }>((resolve) => {
    const made = new MongoDBStore({ uri, connectionOptions } as never, () => resolve(made as never));
  });
  onTestFinished(() => store.client.close());
  const {
    uri: _uri,
    connectionOptions: none,
    expires,
    ...claimed
  } = defaultsIn('## connect-mongodb-session');
  expect(none).toBe('null');
  expect(store.options.expires).toBe(Number.parseInt(expires ?? '', 10) * DAY);
  for (const [name, value] of Object.entries(claimed))
    expect(`${name} ${asCell(store.options[name])}`).toBe(`${name} ${value}`);
});

it('the methods that are not there, and those that are', () => {
  const { prototype } = connectMongoDBSession(session);
  for (const [name = '', what = ''] of rowsOf(page, 'And its methods'))
    expect(`${name} ${typeof Reflect.get(prototype, bare(name))}`).toBe(
      `${name} ${what === 'is not there' ? 'undefined' : 'function'}`,
    );
});

it('the defaults of the driver', async () => {
  const client = new MongoClient('mongodb://127.0.0.1:1');
  onTestFinished(() => client.close());
  const { authSource: _authSource, ...claimed } = defaultsIn('## The driver');
  const options = client.options as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(claimed))
    expect(`${name} ${String(options[name])}`).toBe(`${name} ${value.replace(/: .*/, '')}`);
});
