import { ObjectId as OtherObjectId } from 'bson';
import MongoStore from 'connect-mongo';
import connectMongoDBSession from 'connect-mongodb-session';
import { RedisStore } from 'connect-redis';
import express, { type Express } from 'express';
import session, { type SessionOptions, type Store } from 'express-session';
import { MongoClient, ObjectId } from 'mongodb';
import { createClient } from 'redis';
import request, { agent } from 'supertest';
import { startEmbedded } from '../../../engine/server.ts';
import { answered, type Provocations, printed, thrown } from './support.ts';

const OPTIONS: SessionOptions = { secret: 'a secret of tests', resave: false, saveUninitialized: true };
// biome-ignore lint/suspicious/noExplicitAny: these are mistakes that TypeScript would not let pass
type Wrong = any;

/** What express-session says to a page of an app with a session. */
const page =
  (run: express.RequestHandler, options: Wrong = OPTIONS) =>
  () =>
    answered((app) => app.use(session(options), run));

/** What the package prints on stderr when a program uses it. */
const program = (code: string, env = '') =>
  printed({ 'app.cjs': `${env}const session = require('express-session');\n${code}` }, ['app.cjs']);

/** A session that one store saved and the other one reads. */
async function stores(first: 'connect-mongo' | 'connect-mongodb-session'): Promise<string> {
  const mongo = await startEmbedded();
  const client = await MongoClient.connect(`${mongo.uri}shop`);
  const MongoDBStore = connectMongoDBSession(session);
  const make = (name: typeof first): Store =>
    name === 'connect-mongo'
      ? MongoStore.create({ client, dbName: 'shop' })
      : new MongoDBStore({ uri: `${mongo.uri}shop`, collection: 'sessions' }, () => {});
  const [one, other] = [
    make(first),
    make(first === 'connect-mongo' ? 'connect-mongodb-session' : 'connect-mongo'),
  ];
  let said = '';
  const app = (store: Store): Express =>
    express()
      .use(session({ ...OPTIONS, store }))
      .get('/', (_req, res) => void res.end())
      .use(((error, _req, res, _next) => {
        said = `${error.stack}\n${error.message}`;
        res.status(500).end();
      }) satisfies express.ErrorRequestHandler);
  try {
    const { headers } = await request(app(one)).get('/');
    const cookie = String(headers['set-cookie']?.[0]).split(';')[0] ?? '';
    await request(app(other)).get('/').set('Cookie', cookie);
    return said;
  } finally {
    await Promise.all([one, other].map((store) => (store as Wrong).client?.close?.()));
    await client.close();
    await mongo.stop();
  }
}

/** The error of connect-mongodb-session for a session that it cannot store. */
async function storing(change: (data: Wrong) => void): Promise<string> {
  const mongo = await startEmbedded();
  const MongoDBStore = connectMongoDBSession(session);
  const store = new MongoDBStore({ uri: `${mongo.uri}shop`, collection: 'sessions' }, () => {});
  store.on('error', () => {});
  try {
    return await answered((app) => {
      app.use(session({ ...OPTIONS, store }));
      app.get('/', (req, res, next) => {
        change(req.session);
        req.session.save((error) => (error ? next(error) : res.end()));
      });
    });
  } finally {
    await (store as Wrong).client.close();
    await mongo.stop();
  }
}

export const SESSION: Provocations = {
  'Warning: connect.session() MemoryStore is not designed for a production environment': () =>
    program(
      "session({ secret: 'a', resave: false, saveUninitialized: false });",
      "process.env.NODE_ENV = 'production';\n",
    ),
  'store.on is not a function': () => thrown(() => session({ ...OPTIONS, store: {} as Wrong })),
  'secret option required for sessions': page((_req, res) => void res.end(), {
    ...OPTIONS,
    secret: undefined,
  }),
  'secret option array must contain one or more strings': () =>
    thrown(() => session({ ...OPTIONS, secret: [] })),
  'undefined resave option; provide resave option': () => program("session({ secret: 'a' });"),
  'undefined saveUninitialized option; provide saveUninitialized option': () =>
    program("session({ secret: 'a' });"),
  'req.secret; provide secret option': () => program('session({});'),
  'maxAge as Date; pass number of milliseconds instead': () =>
    program('new session.Cookie({ maxAge: new Date() });'),
  'genid option must be a function': () => thrown(() => session({ ...OPTIONS, genid: 'uuid' as Wrong })),
  'unset option must be "destroy" or "keep"': () =>
    thrown(() => session({ ...OPTIONS, unset: 'delete' as Wrong })),
  'maxAge must be a number or Date': page((_req, res) => void res.end(), {
    ...OPTIONS,
    cookie: { maxAge: '60000' },
  }),
  'argument options must be a object': page((_req, res) => void res.end(), { ...OPTIONS, cookie: 'lax' }),
  'option sameSite is invalid': page((_req, res) => void res.end(), {
    ...OPTIONS,
    cookie: { sameSite: 'loose' },
  }),
  'option domain is invalid': page((_req, res) => void res.end(), { ...OPTIONS, cookie: { domain: 'a b;' } }),
  'option priority is invalid': page((_req, res) => void res.end(), {
    ...OPTIONS,
    cookie: { priority: 'most' },
  }),
  'argument name is invalid': page((_req, res) => void res.end(), { ...OPTIONS, name: 'my cookie' }),
  "Cannot read properties of undefined (reading 'cart')": () =>
    answered((app) => app.get('/', (req, res) => void res.json((req as Wrong).session.cart))),
  "Cannot set properties of undefined (setting 'userId')": () =>
    answered((app) =>
      app.get('/', (req, res) => {
        (req as Wrong).session.userId = 1;
        res.end();
      }),
    ),
  'cart.get is not a function': async () => {
    const app = express().use(session(OPTIONS));
    let said = '';
    app.get('/', (req, res) => {
      // biome-ignore lint/suspicious/noAssignInExpressions: as it is written by those who meet it
      const cart = ((req.session as Wrong).cart ??= new Map());
      cart.get('tea');
      res.end();
    });
    app.use(((error, _req, res, _next) => {
      said = error.stack;
      res.status(500).end();
    }) satisfies express.ErrorRequestHandler);
    const shopper = agent(app);
    await shopper.get('/');
    await shopper.get('/');
    return said;
  },
  'Cannot set headers after they are sent to the client': page((_req, res) => {
    res.send('one');
    res.redirect('/');
  }),
  'fn is not a function … express-session': () =>
    // Nobody catches this error, and it ends the process.
    printed(
      {
        'app.cjs': `const app = require('express')();
app.use(require('express-session')({ secret: 'a', resave: false, saveUninitialized: false }));
app.get('/', (req) => req.session.regenerate());
const server = app.listen(0, '127.0.0.1', () => fetch('http://127.0.0.1:' + server.address().port).catch(() => {}));`,
      },
      ['app.cjs'],
    ),
  'Converting circular structure to JSON': page((req, res) => {
    (req.session as Wrong).self = req.session;
    res.end();
  }),
  'Do not know how to serialize a BigInt': page((req, res) => {
    (req.session as Wrong).total = 1n;
    res.end();
  }),
  'failed to load session': page((req, res, next) => {
    req.session.destroy(() => {
      req.sessionStore.get = (_id, done) => done(null, null);
      (session as Wrong).Session.prototype.reload.call({ req, id: 'x' }, (error: Error) =>
        error ? next(error) : res.end(),
      );
    });
  }),
  'Error setting … to …': () =>
    storing((data) => {
      data.userId = new OtherObjectId();
    }),
  'Unsupported BSON version, bson types must be from bson …': () =>
    storing((data) => {
      data.userId = new OtherObjectId();
    }),
  "Class constructor MongoStore cannot be invoked without 'new'": () =>
    thrown(() => (MongoStore as Wrong)(session)),
  "Cannot read properties of undefined (reading 'Store')": () =>
    thrown(() => (connectMongoDBSession as Wrong)()),
  'You must provide either mongoUrl|clientPromise|client in options': () =>
    thrown(() => MongoStore.create({})),
  'autoRemoveInterval is too large': () =>
    thrown(() =>
      MongoStore.create({
        mongoUrl: 'mongodb://127.0.0.1:1/shop',
        autoRemove: 'interval',
        autoRemoveInterval: 100_000,
      }),
    ),
  'Unable to find the session to touch': async () => {
    const mongo = await startEmbedded();
    const client = await MongoClient.connect(mongo.uri);
    const store = MongoStore.create({ client, dbName: 'shop', autoRemove: 'disabled' });
    try {
      return await thrown(
        () =>
          new Promise((resolve, reject) =>
            store.touch('nobody', { cookie: {} } as Wrong, (error: unknown) =>
              error ? reject(error) : resolve(undefined),
            ),
          ),
      );
    } finally {
      await client.close();
      await mongo.stop();
    }
  },
  "Cannot read properties of undefined (reading 'expires')": () => stores('connect-mongo'),
  '"[object Object]" is not valid JSON': () => stores('connect-mongodb-session'),
  "Class constructor RedisStore cannot be invoked without 'new'": () =>
    thrown(() => (RedisStore as Wrong)(session)),
  'The client is closed': () => thrown(() => createClient().get('a')),
  'input must be a 24 character hex string': () => thrown(() => new ObjectId('Q7n2kPq0bO5mE8sD1vR6uH3w-')),
  "Cannot read properties of undefined (reading 'collection')": () =>
    thrown(() => (undefined as Wrong).collection('users')),
};
