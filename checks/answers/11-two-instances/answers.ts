import { cookieMistakes } from '#checks/support/cookie-mistakes.ts';
import { right, wrong } from '#grader/check/recorded.ts';

const STORE = '      store,\n';
const STORE_CALL = '  const store = createStore(config);\n';
const SECRET = 'secret: [config.sessionSecret, ...previousSecrets],';
const HEADER = '  app.use(shopHeader);\n';
const EXPRESS = 'import express, {';
const RETURN = '  return Object.assign(app, { shutDown: (server: Server) => shutDown(server, store) });\n';
const CLOSE = '  server.close();\n';
const CLOSED = "  await once(server, 'close');\n";
const STORE_CLOSE = '  await store.close();\n';

/** Keeps each shopper on the instance that made their session, with a balancer that looks at cookies. */
const NAMES_INSTANCE = `  app.use((_req, res, next) => {
    res.cookie('SERVERID', config.instance);
    next();
  });
`;
/** The same without such a balancer: an instance sends a request on to the one that it belongs to. */
const SENDS_ON = `  app.use(async (req, res, next) => {
    const own = String(req.socket.localPort);
    const [, home = own] = /SERVERID=(\\d+)/.exec(req.headers.cookie ?? '') ?? [];
    if (home === own) {
      res.cookie('SERVERID', own);
      next();
      return;
    }
    const answer = await fetch(\`http://127.0.0.1:\${home}\${req.url}\`, {
      method: req.method,
      redirect: 'manual',
      headers: { cookie: req.headers.cookie ?? '' },
      ...(req.method === 'POST' && { body: new URLSearchParams(req.body) }),
    });
    res.status(answer.status);
    for (const name of ['location', 'content-type']) res.set(name, answer.headers.get(name) ?? '');
    for (const cookie of answer.headers.getSetCookie()) res.append('Set-Cookie', cookie);
    res.send(await answer.text());
  });
`;

export default [
  wrong(
    'shutDown calls what the store does not have',
    { 'shutdown.ts': [['await store.close();', 'await (store as any).client.closeAll();']] },
    '11.4',
    'shutDown() failed before the store was closed: TypeError: store.client.closeAll is not a function',
  ),
  wrong(
    'sessions stay in the memory of each instance',
    { 'app.ts': [[STORE, '']] },
    '11.1',
    'Each instance keeps its own in its own memory',
  ),
  wrong(
    'a secret of its own for each process',
    {
      'app.ts': [
        [SECRET, "secret: randomBytes(32).toString('hex'),"],
        [EXPRESS, `import { randomBytes } from 'node:crypto';\n${EXPRESS}`],
      ],
    },
    '11.1',
    'each signs with a secret of its own',
  ),
  wrong(
    'a cookie name of its own for each instance',
    { 'app.ts': [['name: cookieName,', 'name: cookieName + config.instance,']] },
    '11.1',
    'in a cookie of another name',
  ),
  wrong(
    'sticky sessions as the cure: a cookie that names the instance',
    {
      'app.ts': [
        [STORE, ''],
        [HEADER, `${NAMES_INSTANCE}${HEADER}`],
      ],
    },
    '11.1',
    'Sticky sessions only hide the trouble',
  ),
  wrong(
    'sticky sessions as the cure: instances send requests on to where they belong',
    {
      'app.ts': [
        [STORE, ''],
        ['  app.use(express.urlencoded());\n', `  app.use(express.urlencoded());\n${SENDS_ON}`],
      ],
    },
    '11.3',
    'with an instance all of its shoppers are gone',
  ),
  wrong(
    'a cache of sessions in each process, to spare the database',
    {
      'app.ts': [
        [
          STORE_CALL,
          `${STORE_CALL}  const cache = new Map<string, string>();
  const { get, set } = store;
  store.get = (id, callback) => {
    const known = cache.get(id);
    if (known) return callback(null, JSON.parse(known));
    get.call(store, id, (error, data) => {
      if (data) cache.set(id, JSON.stringify(data));
      callback(error, data);
    });
  };
  store.set = (id, data, callback) => {
    cache.set(id, JSON.stringify(data));
    set.call(store, id, data, callback);
  };
`,
        ],
      ],
    },
    '11.1',
    'What one process remembers, the others do not know',
  ),
  wrong(
    'a logout that is noted in the process',
    {
      'app.ts': [
        [
          "  app.post('/logout', logOut(cookieName, cookieFlags));\n",
          `  app.post('/logout', (req, res) => {
    ended.add(req.sessionID);
    res.clearCookie(cookieName, cookieFlags).redirect(303, '/');
  });
`,
        ],
        [
          HEADER,
          `  const ended = new Set<string>();
  app.use((req, _res, next) => {
    if (ended.has(req.sessionID)) req.session.regenerate(next);
    else next();
  });
${HEADER}`,
        ],
      ],
    },
    '11.2',
    'A logout ends the session in the store',
  ),
  wrong(
    'the store is closed before requests end',
    { 'shutdown.ts': [[CLOSED, '']] },
    '11.4',
    'The store was closed while requests were under way',
  ),
  wrong(
    'the store is closed first of all',
    {
      'shutdown.ts': [
        [CLOSE, `${STORE_CLOSE}${CLOSE}`],
        [`now.\n${STORE_CLOSE}`, 'now.\n'],
      ],
    },
    '11.4',
    'The first thing is server.close()',
  ),
  wrong(
    'process.exit() at once',
    { 'shutdown.ts': [[`${CLOSE}${CLOSED}`, '  process.exit(0);\n']] },
    '11.4',
    'process.exit() ends the process at once',
  ),
  wrong(
    'server.close() is left to a signal that never comes',
    { 'shutdown.ts': [[CLOSE, "  process.on('SIGTERM', () => server.close());\n"]] },
    '11.4',
    'nobody called server.close()',
  ),
  wrong(
    'process.exit() in the place of store.close()',
    { 'shutdown.ts': [[STORE_CLOSE, '  process.exit(0);\n']] },
    '11.4',
    'Nobody closed the store',
  ),
  wrong(
    'process.exit() after the server was told to close, and not waited for',
    {
      'shutdown.ts': [
        [CLOSED, ''],
        [STORE_CLOSE, '  process.exit(0);\n'],
      ],
    },
    '11.4',
    'process.exit() ends the process at once',
  ),
  wrong(
    'connections are cut to be done soon',
    { 'shutdown.ts': [[CLOSE, `${CLOSE}  server.closeAllConnections();\n`]] },
    '11.4',
    'cuts those off, too, who wait for an answer',
  ),
  wrong(
    'it goes on to listen',
    { 'shutdown.ts': [[`${CLOSE}${CLOSED}`, '']] },
    '11.4',
    'The first thing is server.close()',
  ),
  wrong(
    'a second store, which nobody closes',
    { 'app.ts': [['      store,\n', '      store: createStore(config),\n']] },
    '11.4',
    'there is another store',
  ),
  wrong(
    'the store is closed after five seconds, whoever waits',
    {
      'shutdown.ts': [
        [
          "  await once(server, 'close');\n",
          '  await new Promise((resolve) => setTimeout(resolve, 5000));\n',
        ],
        ["import { once } from 'node:events';\n", ''],
      ],
    },
    '11.4',
    'shutDown() waits for a time',
  ),
  wrong(
    'the store is closed after a second, in a callback',
    {
      'shutdown.ts': [
        ["  await once(server, 'close');\n", ''],
        ["import { once } from 'node:events';\n", ''],
        ['  await store.close();\n', '  setTimeout(() => void store.close(), 1000);\n'],
      ],
    },
    '11.4',
    'shutDown() waits for a time',
  ),
  wrong(
    'shutDown waits for half a minute',
    {
      'shutdown.ts': [
        [
          "  await once(server, 'close');\n",
          '  await new Promise((resolve) => setTimeout(resolve, 30_000));\n',
        ],
        ["import { once } from 'node:events';\n", ''],
      ],
    },
    '11.4',
    'it waits for something else than the last answer',
  ),
  wrong(
    'the store stays open',
    { 'shutdown.ts': [[STORE_CLOSE, '']] },
    '11.4',
    'the store has connections and timers open',
  ),
  wrong(
    'shutDown is not told to whoever runs the shop',
    { 'app.ts': [[RETURN, '  return app as Instance;\n']] },
    '11.4',
    'createApp() returned no shutDown',
  ),
  wrong(
    'shutDown is not told to whoever runs the shop, and has a limit that would end the process',
    {
      'app.ts': [[RETURN, '  return app as Instance;\n']],
      'shutdown.ts': [[CLOSE, `  setTimeout(() => process.exit(1), 10_000).unref();\n${CLOSE}`]],
    },
    '11.4',
    'createApp() returned no shutDown',
  ),
  wrong(
    'connections are cut to be done soon, and a limit would end the process',
    {
      'shutdown.ts': [
        [
          CLOSE,
          `  setTimeout(() => process.exit(1), 10_000).unref();\n${CLOSE}  server.closeAllConnections();\n`,
        ],
      ],
    },
    '11.4',
    'cuts those off, too, who wait for an answer',
  ),
  wrong(
    'who waits for the store is turned away once the shop closes',
    {
      'app.ts': [
        [
          HEADER,
          `  let isClosing = false;\n  app.use((_req, res, next) => {\n    if (isClosing) res.status(503).send('Closing.');\n    else next();\n  });\n${HEADER}`,
        ],
        [
          RETURN,
          `  return Object.assign(app, {
    shutDown: (server: Server) => {
      isClosing = true;
      return shutDown(server, store);
    },
  });
`,
        ],
      ],
    },
    '11.4',
    'and its store was not closed',
  ),
  wrong(
    'a timer goes on when all is closed',
    { 'app.ts': [[STORE_CALL, `${STORE_CALL}  setInterval(() => {}, 60_000);\n`]] },
    '11.4',
    'Something else in the process is still open',
  ),
  wrong(
    'shutDown waits for ever when all is closed',
    { 'shutdown.ts': [[STORE_CLOSE, `${STORE_CLOSE}  await new Promise(() => {});\n`]] },
    '11.4',
    'shutDown() has not come to its end',
  ),
  wrong(
    'sessions stay in memory, in an app that says that it is not sticky',
    {
      'app.ts': [
        [STORE, ''],
        [HEADER, `  app.locals.isSticky = false;\n${HEADER}`],
      ],
    },
    '11.1',
    'Each instance keeps its own in its own memory',
  ),
  wrong(
    'the cart stays on the request',
    {
      'app.ts': [
        [
          'req.session.cart = addToCart(req.session.cart, product.id);',
          'Object.assign(req, { cart: addToCart(req.session.cart, product.id) });',
        ],
      ],
    },
    '11.1',
    'it does not say that there is mug in the cart',
  ),
  wrong(
    'an instance clears up when it opens',
    {
      'app.ts': [
        [
          'export function createApp(config: ShopConfig): Instance {',
          'export async function createApp(config: ShopConfig): Promise<Instance> {',
        ],
        [STORE_CALL, `${STORE_CALL}  await new Promise((resolve) => store.clear(resolve));\n`],
      ],
    },
    '11.5',
    'what it clears away belongs to shoppers of the others',
  ),
  ...cookieMistakes({
    from: '...cookieFlags, maxAge: IDLE_LIMIT }',
    to: (option) => `...cookieFlags, maxAge: IDLE_LIMIT, ${option} }`,
    unsent: '11.1',
    missing: '11.1',
    dropped: '11.1',
  }),
  right('callbacks in place of promises, and nothing to wait for', {
    'shutdown.ts': `import type { Server } from 'node:http';
import type { SessionStore } from './store.ts';

export function shutDown(server: Server, store: SessionStore): void {
  server.close(() => {
    void store.close();
  });
}
`,
    'app.ts': [['shutDown(server: Server): Promise<void> }', 'shutDown(server: Server): void }']],
  }),
  right('the client itself is closed, connections that are kept alive end early, and there is a limit', {
    'shutdown.ts': `import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { SessionStore } from './store.ts';

export async function shutDown(server: Server, { client }: SessionStore): Promise<void> {
  const limit = setTimeout(() => server.closeAllConnections(), 10_000);
  const closed = new Promise((resolve) => server.close(resolve));
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
  await client.close();
  await delay(0);
}
`,
  }),
  right('a while for the balancer to notice, then process.exit() when all is done', {
    'shutdown.ts': [
      [CLOSE, `  await new Promise((resolve) => setTimeout(resolve, 300));\n${CLOSE}`],
      [STORE_CLOSE, `${STORE_CLOSE}  process.exit(0);\n`],
    ],
  }),
  right('no new connections, and a 503 for those that are kept alive', {
    'app.ts': [
      [
        HEADER,
        `  let isClosing = false;\n  app.use((_req, res, next) => {\n    if (isClosing) res.set('Connection', 'close');\n    next();\n  });\n${HEADER}`,
      ],
      [
        RETURN,
        `  return Object.assign(app, {
    shutDown: (server: Server) => {
      isClosing = true;
      return shutDown(server, store);
    },
  });
`,
      ],
    ],
  }),
  right('a class with a promise of its own, and a process that notes how it went', {
    'shutdown.ts': `import { Server } from 'node:http';
import { promisify } from 'node:util';
import { type SessionStore } from './store.ts';

class Farewell {
  #server;
  #store;
  constructor(server: Server, store: SessionStore) {
    this.#server = server;
    this.#store = store;
  }
  async say() {
    var close = promisify(this.#server.close);
    try {
      await close.call(this.#server);
    } finally {
      await this.#store.close();
    }
    console.log('This instance is closed.');
  }
}

export const shutDown = (server, store) => new Farewell(server, store).say();
`,
    'app.ts': [
      [
        RETURN,
        '  return Object.defineProperty(app, "shutDown", { value: (server: Server) => shutDown(server, store) }) as Instance;\n',
      ],
    ],
  }),
];
