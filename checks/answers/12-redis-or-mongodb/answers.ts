import { cookieMistakes } from '#checks/support/cookie-mistakes.ts';
import { right, wrong } from '#grader/check/recorded.ts';

const CHOICE = "config.store === 'redis' ? createRedisStore(config) : createMongoStore(config);";
const GUARDED = '  return guarded(store, config.databaseTimeoutMs);\n';
const LISTENER =
  "  client.on('error', () => console.error('The session store failed. Is its Redis there?'));\n";
const CONNECT = '  client.connect().catch(() => {});\n';
const QUEUE = '    disableOfflineQueue: true,\n';
const SOCKET = '    socket: { connectTimeout: limit },\n';
const OPTIONS = "({ client, prefix: 'sess:' })";
const RETURN = `  return new ClosableRedisStore${OPTIONS};\n`;

/** A store of one's own on the client, without connect-redis. @param key what destroy() deletes */
const ownStore = (key: string) => ({
  'redis-store.ts': `import session, { type SessionData } from 'express-session';
import { createClient } from 'redis';
import type { ShopConfig } from '#shop/config.ts';
import type { SessionStore } from './guarded.ts';

type Callback = (error?: unknown, data?: SessionData | null) => void;

class KeyStore extends session.Store {
  readonly client = createClient({ disableOfflineQueue: true });
  constructor(url: string) {
    super();
    this.client = createClient({ url, disableOfflineQueue: true });
    this.client.on('error', (error: Error) => console.error(error.message));
    this.client.connect().catch(() => {});
  }
  get(id: string, done: Callback) {
    this.client.get(\`sess:\${id}\`).then((text) => done(null, text === null ? null : JSON.parse(text)), done);
  }
  set(id: string, data: SessionData, done: Callback = () => {}) {
    const PXAT = Number(data.cookie.expires) - Date.now();
    this.client.set(\`sess:\${id}\`, JSON.stringify(data), { PX: PXAT }).then(() => done(), done);
  }
  destroy(id: string, done: Callback = () => {}) {
    this.client.del(${key}).then(() => done(), done);
  }
  override touch(id: string, { cookie }: SessionData, done: Callback = () => {}) {
    this.client.pExpire(\`sess:\${id}\`, Number(cookie.expires) - Date.now()).then(() => done(), done);
  }
  async close() {
    this.client.destroy();
  }
}

export function createRedisStore({ redisUrl = '' }: ShopConfig): SessionStore {
  return new KeyStore(redisUrl);
}
`,
});

export default [
  wrong(
    'createRedisStore is async, and its store a promise',
    {
      'redis-store.ts': [
        ['export function createRedisStore', 'export async function createRedisStore'],
        [': ShopConfig): SessionStore {', ': ShopConfig): Promise<SessionStore> {'],
        ['client.connect().catch(() => {});', 'await client.connect();'],
      ],
    },
    '12.1',
    'An async function returns a promise of one',
  ),
  wrong(
    'createStore and createRedisStore are async',
    {
      'redis-store.ts': [['export function createRedisStore', 'export async function createRedisStore']],
      'store.ts': [
        ['export function createStore', 'export async function createStore'],
        ['? createRedisStore(config)', '? await createRedisStore(config)'],
      ],
    },
    '12.1',
    'An async function returns a promise of a store',
  ),
  wrong(
    'a default import, as of older versions',
    {
      'redis-store.ts': [
        ["import { RedisStore } from 'connect-redis';", "import RedisStore from 'connect-redis';"],
      ],
    },
    '12.1',
    'This module has no default export',
  ),
  wrong(
    'config.store is not looked at',
    { 'store.ts': [[CHOICE, 'createMongoStore(config);']] },
    '12.1',
    'Nobody asked for Redis',
  ),
  wrong(
    'Redis, as soon as config has an address of one',
    { 'store.ts': [["config.store === 'redis'", 'config.redisUrl']] },
    '12.1',
    'redisUrl only says where it would be',
  ),
  wrong(
    'nobody listens to errors of the client',
    { 'redis-store.ts': [[LISTENER, '']] },
    '12.1',
    'one that nobody listens to ends the process',
  ),
  wrong(
    'the store in Redis is not guarded',
    {
      'store.ts': [
        [CHOICE, 'createMongoStore(config);'],
        [GUARDED, `  if (config.store === 'redis') return createRedisStore(config);\n${GUARDED}`],
      ],
    },
    '12.1',
    'guarded() makes a 503 of it',
  ),
  wrong(
    'MongoDB jumps in for Redis',
    {
      'store.ts': [
        [
          GUARDED,
          `  if (config.store === 'redis') {
    const spare = createMongoStore(config);
    const { get, set } = store;
    store.get = (id, callback) =>
      get.call(store, id, (error, data) => (error ? spare.get(id, callback) : callback(null, data)));
    store.set = (id, data, callback) =>
      set.call(store, id, data, (error) => (error ? spare.set(id, data, callback) : callback?.()));
  }
${GUARDED}`,
        ],
      ],
    },
    '12.1',
    'A second store that jumps in splits the shoppers',
  ),
  wrong(
    'the client is created and not connected',
    { 'redis-store.ts': [[CONNECT, '']] },
    '12.2',
    'that is another call, client.connect()',
  ),
  wrong(
    'another prefix',
    { 'redis-store.ts': [["prefix: 'sess:'", "prefix: 'shop:'"]] },
    '12.2',
    'no key of this name',
  ),
  wrong(
    'errors in Redis are seen to, and the budget is not',
    {
      'store.ts': [
        [
          GUARDED,
          `  const guard = guarded(store, config.databaseTimeoutMs);
  if (config.store === 'redis') {
    guard.set = (id, data, callback) =>
      store.set(id, data, (error) => callback?.(error && Object.assign(new Error('away'), { status: 503 })));
  }
  return guard;
`,
        ],
      ],
    },
    '12.2',
    'is not guarded()',
  ),
  wrong('destroy deletes a key that nobody wrote', ownStore('id'), '12.3', 'destroy() did not reach Redis'),
  wrong(
    'every key lives for a day',
    { 'redis-store.ts': [["prefix: 'sess:'", "prefix: 'sess:', ttl: () => 86_400"]] },
    '12.4',
    'ends at another time than the cookie',
  ),
  wrong(
    'disableTTL',
    { 'redis-store.ts': [["prefix: 'sess:'", "prefix: 'sess:', disableTTL: true"]] },
    '12.4',
    'Nothing ends this key',
  ),
  wrong(
    'disableTouch, to save commands',
    { 'redis-store.ts': [["prefix: 'sess:'", "prefix: 'sess:', disableTouch: true"]] },
    '12.4',
    'A touch is an EXPIRE',
  ),
  wrong(
    'commands are kept for later',
    { 'redis-store.ts': [[QUEUE, '']] },
    '12.5',
    'the client kept the command in its queue',
  ),
  wrong(
    'away counts as no session',
    {
      'redis-store.ts': [
        [
          RETURN,
          `  const store = new ClosableRedisStore${OPTIONS};
  const { get } = store;
  let wasThere = false;
  client.once('ready', () => {
    wasThere = true;
  });
  store.get = (id, callback) =>
    get.call(store, id, (error, data) => callback?.(wasThere ? null : error, data));
  return store;
`,
        ],
      ],
    },
    '12.5',
    'taken for "there is no such session"',
  ),
  wrong(
    'the client does not try again',
    {
      'redis-store.ts': [[SOCKET, '    socket: { connectTimeout: limit, reconnectStrategy: false },\n']],
    },
    '12.5',
    'its client has given up',
  ),
  wrong(
    'a socketTimeout, after which the client gives up by default',
    {
      'redis-store.ts': [
        [
          SOCKET,
          '    socket: { connectTimeout: limit, socketTimeout: limit / 2 },\n    pingInterval: limit / 8,\n',
        ],
      ],
    },
    '12.5',
    'the default gives up after a socketTimeout',
  ),
  wrong(
    'close() leaves the connection open',
    { 'redis-store.ts': [['    await this.client.close();\n', '']] },
    '12.5',
    'has to close its client',
  ),
  wrong(
    'the store has no close()',
    { 'redis-store.ts': [[RETURN, `  return new RedisStore${OPTIONS} as never;\n`]] },
    '12.5',
    'It ended by an error',
  ),
  wrong(
    'the store in MongoDB is guarded no more',
    {
      'store.ts': [
        [CHOICE, 'createRedisStore(config);'],
        [
          '  const store =',
          "  if (config.store !== 'redis') return createMongoStore(config);\n  const store =",
        ],
      ],
    },
    '12.6',
    'is not guarded()',
  ),
  wrong(
    'store: mongodb is taken for Redis, since it is there',
    { 'store.ts': [["config.store === 'redis'", 'config.store']] },
    '12.6',
    'the shop did not open',
  ),
  ...cookieMistakes({
    from: '...cookieFlags, maxAge: IDLE_LIMIT }',
    to: (option) => `...cookieFlags, maxAge: IDLE_LIMIT, ${option} }`,
    unsent: '12.1',
    missing: '12.1',
    dropped: '12.1',
  }),
  right('a store of one’s own, without connect-redis', ownStore("'sess:' + id")),
  right('makers by name, a client with a strategy of its own, and an end from the cookie', {
    'store.ts': [
      [
        `  const store = ${CHOICE}\n`,
        `  const makers = { mongodb: createMongoStore, redis: createRedisStore };
  const { store: name = 'mongodb' } = config;
  const store = makers[name](config);
`,
      ],
    ],
    'redis-store.ts': [
      [
        SOCKET,
        '    socket: { connectTimeout: limit, reconnectStrategy: (retries) => Math.min(50 * retries, 500) },\n',
      ],
      [
        "prefix: 'sess:'",
        `ttl: ({ cookie }: SessionData) => Math.ceil((Number(new Date(cookie.expires ?? 0)) - Date.now()) / 1000)`,
      ],
      [
        "import { createClient } from 'redis';",
        "import type { SessionData } from 'express-session';\nimport { createClient } from 'redis';",
      ],
    ],
  }),
  right('a class, and a look at isReady in place of the option', {
    'redis-store.ts': [
      [QUEUE, ''],
      [
        RETURN,
        `  return new ShopStore({ client, prefix: 'sess:' });
}

type Client = ReturnType<typeof createClient>;

class ShopStore extends RedisStore {
  get #client() {
    const client = this.client as Client;
    if (!client.isReady) throw new Error('Redis is away');
    return client;
  }
  override async get(id: string, callback?: (error: unknown, data?: unknown) => void) {
    try {
      if (this.#client) return await super.get(id, callback);
    } catch (error) {
      callback?.(error);
    }
  }
  override async set(id: string, data: object, callback?: (error?: unknown) => void) {
    try {
      if (this.#client) return await super.set(id, data, callback);
    } catch (error) {
      callback?.(error);
    }
  }
  async close() {
    (this.client as Client).destroy();
  }
`,
      ],
    ],
  }),
  right('a ping and a socketTimeout, with a strategy that tries again', {
    'redis-store.ts': [
      [
        SOCKET,
        '    socket: { connectTimeout: limit, socketTimeout: 2 * limit, reconnectStrategy: () => 200 },\n    pingInterval: limit / 2,\n',
      ],
    ],
  }),
  right('var, require and function, no types, the defaults of connect-redis', {
    'store.ts': `import { guarded } from './guarded.ts';
import { createMongoStore } from './mongo-store.ts';
import { createRedisStore } from './redis-store.ts';

export type { SessionStore } from './guarded.ts';

export function createStore(config) {
  switch (config.store) {
    case 'redis':
      return guarded(createRedisStore(config), config.databaseTimeoutMs);
    default:
      return guarded(createMongoStore(config), config.databaseTimeoutMs);
  }
}
`,
    'redis-store.ts': `import { createRequire } from 'node:module';
import { RedisStore } from 'connect-redis';

var require = createRequire(import.meta.url);
var redis = require('redis');

export function createRedisStore(config) {
  var client = redis.createClient({ url: config.redisUrl, disableOfflineQueue: true });
  client.on('error', console.error);
  client.connect();
  var store = new RedisStore({ client: client });
  store.close = function () {
    return client.close();
  };
  return store;
}
`,
  }),
  wrong(
    'the store is given its client under an old name',
    {
      'redis-store.ts': [["{ client, prefix: 'sess:' }", "{ redisClient: client, prefix: 'sess:' } as any"]],
    },
    '12.2',
    'Is this client the one that the store uses',
  ),
];
