import { csrfSync } from 'csrf-sync';
import express from 'express';
import session from 'express-session';
import { answered, type Provocations, printed, thrown } from './support.ts';

// biome-ignore lint/suspicious/noExplicitAny: these are mistakes that TypeScript would not let pass
type Wrong = any;
const page = (run: (req: Wrong, res: Wrong) => unknown) => () =>
  answered((app) => app.all('/', (req, res) => void run(req, res)));

/** What express-rate-limit prints about the app's proxy. */
const limited = (trust: boolean) => () =>
  printed(
    {
      'app.cjs': `const app = require('express')();
app.set('trust proxy', ${trust});
app.use(require('express-rate-limit').rateLimit({ windowMs: 1000, limit: 5 }));
const server = app.listen(0, '127.0.0.1', async () => {
  await fetch('http://127.0.0.1:' + server.address().port, { headers: { 'X-Forwarded-For': '203.0.113.7' } });
  process.exit();
});`,
    },
    ['app.cjs'],
  );

export const EXPRESS: Provocations = {
  'Missing parameter name at index …': () => thrown(() => express().get('*', () => {})),
  'Unexpected ( at index …': () => thrown(() => express().get('/:id(\\d+)', () => {})),
  'argument handler must be a function': () => thrown(() => express().get('/', undefined as Wrong)),
  'argument handler is required': () => thrown(() => (express.Router() as Wrong).use('/')),
  "Cannot destructure property '…' of 'req.body' as it is undefined": page((req, res) => {
    const { email } = req.body;
    res.send(email);
  }),
  "Cannot read properties of undefined (reading 'email')": page((req, res) => res.send(req.body.email)),
  'Cannot set property query of #<IncomingMessage> which has only a getter': page((req, res) => {
    req.query = {};
    res.end();
  }),
  'req.param is not a function': page((req, res) => res.send(req.param('id'))),
  'app.del is not a function': () => {
    const app: Wrong = express();
    return thrown(() => app.del('/', () => {}));
  },
  'res.sendfile is not a function': page((_req, res) => res.sendfile('a.html')),
  'Invalid status code: …': page((_req, res) => res.redirect('/cart', 303)),
  'Cannot GET /…': () => answered(() => {}),
  'Failed to lookup view "…" in views directory': page((_req, res) => res.render('nowhere.ejs')),
  'No default engine was specified and no extension was provided': page((_req, res) => res.render('home')),
  'request entity too large': () =>
    answered(
      (app) => app.use(express.urlencoded({ limit: 10 })),
      (agent) => agent.post('/').send('text=aaaaaaaaaaaaaaaaaaaa'),
    ),
  '… is not valid JSON': () =>
    answered(
      (app) => app.use(express.json()),
      (agent) => agent.post('/').set('Content-Type', 'application/json').send('<p>'),
    ),
  'invalid csrf token': () =>
    answered(
      (app) => {
        app.use(session({ secret: 'a', resave: false, saveUninitialized: true }));
        app.use(csrfSync().csrfSynchronisedProtection);
      },
      (agent) => agent.post('/'),
    ),
  "The 'X-Forwarded-For' header is set but the Express 'trust proxy' setting is false": limited(false),
  "The Express 'trust proxy' setting is true, which allows anyone to trivially bypass IP-based rate limiting":
    limited(true),
  'req.session.regenerate is not a function': page((req) => {
    // As cookie-session does: the data, without the methods of express-session.
    req.session = { userId: 1 };
    req.session.regenerate(() => {});
  }),
  'req.session.save is not a function': page((req) => {
    req.session = { userId: 1 };
    req.session.save(() => {});
  }),
  'req.flash is not a function': page((req) => req.flash('error')),
};

const esm =
  (code: string, name = 'app.mjs') =>
  () =>
    printed({ [name]: code }, [name]);
const bundled = (code: string) => () =>
  printed(
    {
      'app.mjs': code,
      'build.mjs':
        "import { build } from 'esbuild'; await build({ entryPoints: ['app.mjs'], bundle: true, outfile: 'out.js' });",
      'other.mjs': 'export const a = 1;',
    },
    ['build.mjs'],
  );

export const MODULES: Provocations = {
  'require is not defined in ES module scope': esm("require('express');"),
  '__dirname is not defined in ES module scope': esm('console.log(__dirname);'),
  'Dynamic require of "…" is not supported': () =>
    printed(
      {
        'app.mjs': "const session = require('express-session'); console.log(session);",
        'build.mjs':
          "import { build } from 'esbuild'; await build({ entryPoints: ['app.mjs'], bundle: true, format: 'esm', platform: 'node', packages: 'external', outfile: 'out.mjs' }); await import('./out.mjs');",
      },
      ['build.mjs'],
    ),
  'Cannot use import statement outside a module': esm("import express from 'express';", 'app.cjs'),
  "Named export '…' not found. The requested module '…' is a CommonJS module": esm(
    "import { MongoDBStore } from 'connect-mongodb-session';",
  ),
  "does not provide an export named '…'": esm("import { nothing } from 'chalk';"),
  "The requested module 'connect-redis' does not provide an export named 'default'": esm(
    "import RedisStore from 'connect-redis';",
  ),
  'No matching export in "…" for import "…"': bundled("import { b } from './other.mjs'; console.log(b);"),
  'Could not resolve "…"': bundled("import './nowhere.mjs';"),
  '(0 , express_session_1.default) is not a function': esm(
    "const express_session_1 = require('express-session');\n(0, express_session_1.default)({});",
    'app.cjs',
  ),
  'connectMongoDBSession is not a function': esm(
    "import * as connectMongoDBSession from 'connect-mongodb-session';\nconnectMongoDBSession({});",
  ),
  "Cannot find module '…'": esm("import './store';"),
  "Cannot find package '…'": esm("import 'connect-mongo-express';"),
  ERR_UNSUPPORTED_DIR_IMPORT: () => printed({ 'app.mjs': "import '..';" }, ['app.mjs']),
  'Unknown file extension ".ts"': () =>
    // The message of a Node version that does not run TypeScript itself.
    printed({ 'app.ts': 'console.log(1);' }, ['--no-experimental-strip-types', 'app.ts']).then((said) =>
      /bad option/.test(said)
        ? printed({ 'app.ts': 'console.log(1);', 'package.json': '{"type":"module"}' }, ['app.ts'])
        : said,
    ),
};
