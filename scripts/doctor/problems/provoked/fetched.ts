import { createRequire } from 'node:module';
import { join } from 'node:path';
import connectMongoDBSession from 'connect-mongodb-session';
import session from 'express-session';
import { startEmbedded } from '../../../engine/server.ts';
import { fetchPackages } from '../../../shared/fetched-packages.ts';
import { answered, type Provocations, thrown } from './support.ts';

/** Whether the packages may be fetched: only on request, because no learner needs them and the tests use no network. */
export const MAY_FETCH = process.env.WORKSHOP_FETCH === '1';

// biome-ignore lint/suspicious/noExplicitAny: these packages are not installed, and so are their types
type Fetched = any;
let fetching: Promise<string | undefined> | undefined;

/** A package of `packages/`, imported as in an app. */
async function fetched(name: string): Promise<Fetched> {
  fetching ??= fetchPackages(
    {
      folder: 'provoked',
      pinned: join(import.meta.dirname, '..', 'packages'),
      about: [],
      named: 'The packages that the error index is tested with',
      otherwise: 'All other tests need none of them.',
    },
    () => {},
  );
  return createRequire(join((await fetching) ?? '', 'app.js'))(name);
}

const mongoose = () => fetched('mongoose');
const model = async (name: string) => {
  const { model: make, Schema } = await mongoose();
  return make(name, new Schema({ email: String }));
};

/** What Passport says to a page; `strategy` logs every visitor in, unless another one is named. */
async function withPassport(
  run: (passport: Fetched) => Fetched,
  {
    sessions = session({ secret: 'a', resave: false, saveUninitialized: true }) as Fetched,
    serialize = true,
  } = {},
): Promise<string> {
  const { Passport, Strategy } = await fetched('passport');
  const passport = new Passport();
  class Anybody extends Strategy {
    name = 'anybody';
    authenticate(this: Fetched) {
      this.success({ id: 1 });
    }
  }
  passport.use(new Anybody());
  if (serialize) passport.serializeUser((user: Fetched, done: Fetched) => done(null, user.id));
  return answered((app) => {
    if (sessions) app.use(sessions);
    app.use(passport.initialize());
    app.get('/', run(passport));
  });
}

/** A user of Mongoose 9, stored in a session of connect-mongodb-session. */
async function mongooseUser(): Promise<string> {
  const { Types } = await mongoose();
  const mongo = await startEmbedded();
  const store = new (connectMongoDBSession(session))(
    { uri: `${mongo.uri}shop`, collection: 'sessions' },
    () => {},
  );
  store.on('error', () => {});
  try {
    return await answered((app) => {
      app.use(session({ secret: 'a', resave: false, saveUninitialized: false, store }));
      app.get('/', (req, res, next) => {
        (req.session as Fetched).userId = new Types.ObjectId();
        req.session.save((error) => (error ? next(error) : res.end()));
      });
    });
  } finally {
    await (store as Fetched).client.close();
    await mongo.stop();
  }
}

/** Mongoose 9 and Passport 0.7, together with the store. */
export const FETCHED: Provocations = {
  'The `uri` parameter to `openUri()` must be a string, got "undefined"': () =>
    thrown(async () => (await mongoose()).connect(undefined)),
  'Operation `…` buffering timed out after …ms': () =>
    thrown(async () => {
      (await mongoose()).set('bufferTimeoutMS', 50);
      await (await model('Waiting')).findOne({ email: 'a' });
    }),
  'no longer accepts a callback': () => thrown(async () => (await model('Called')).findOne({}, () => {})),
  'Cast to ObjectId failed for value': () => thrown(async () => (await model('Cast')).findById('new')),
  'Schema hasn\'t been registered for model "…"': () =>
    thrown(async () => (await mongoose()).model('Nobody')),
  'Cannot overwrite `…` model once compiled': () =>
    thrown(async () => {
      await model('Twice');
      await model('Twice');
    }),
  'Unsupported BSON version, bson types must be from bson …': mongooseUser,
  'Login sessions require session support. Did you forget to use `express-session` middleware?': () =>
    withPassport((passport) => passport.authenticate('anybody'), { sessions: null }),
  'Failed to serialize user into session': () =>
    withPassport((passport) => passport.authenticate('anybody'), { serialize: false }),
  'Unknown authentication strategy "…"': () => withPassport((passport) => passport.authenticate('nobody')),
  'req#logout requires a callback function': () =>
    withPassport(() => (req: Fetched, res: Fetched) => {
      req.logout();
      res.end();
    }),
  'req.session.regenerate is not a function': async () => {
    const cookieSession = await fetched('cookie-session');
    return withPassport((passport) => passport.authenticate('anybody'), {
      sessions: cookieSession({ keys: ['a'] }),
    });
  },
};
