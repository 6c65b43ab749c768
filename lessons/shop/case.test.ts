import connectMongoDBSession from 'connect-mongodb-session';
import { unsign } from 'cookie-signature';
import express from 'express';
import session, { type SessionData } from 'express-session';
import { MongoClient } from 'mongodb';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Mongo, startMongo } from '../../scripts/mongo/index.ts';
import { refusedUri } from '../../scripts/mongo/refused.ts';
import { cookieValue, isCaseNumber, makeCase, type SessionDocument } from './case.ts';
import { type CaseAnswers, caseDesk } from './case-desk.ts';
import { shopHeader, shopViews } from './views.ts';

const SECRET = 'for tests';
const NUMBERS = Array.from({ length: 200 }, (_, i) => i + 1);

describe('a case', () => {
  it('is made of its number and of nothing else', () => {
    expect(makeCase(7)).toEqual(makeCase(7));
    expect(makeCase(7).wanted._id).not.toBe(makeCase(8).wanted._id);
    expect(makeCase(4711).wanted._id).toBe('0v6xz3VPW-C_pI6KyHNeEBoX9rlA5pe8');
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '7', 7n, null, undefined])(
    'is not made of %s',
    (number) => {
      expect(isCaseNumber(number)).toBe(false);
    },
  );

  it('has, whatever its number, one user who is logged in and two who only seem to be', () => {
    for (const { sessions, loggedIn, wanted } of NUMBERS.map(makeCase)) {
      expect(sessions).toHaveLength(12);
      expect(sessions).toContain(wanted);
      expect(sessions.filter((document) => document.session.isLoggedIn)).toEqual([loggedIn]);
      expect(new Set(sessions.flatMap((document) => document.session.userId ?? [])).size).toBe(3);
      expect(wanted.session.userId).toBeUndefined();
      expect(wanted.session.cart).not.toEqual([]);
    }
  });

  it('has IDs as express-session makes them, no two alike in any case', () => {
    const ids = NUMBERS.map(makeCase).flatMap(({ sessions }) => sessions.map(({ _id }) => _id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\w-]{32}$/);
  });

  it('is spread well: the wanted session and the user are not the same ones for everybody', () => {
    const cases = NUMBERS.map(makeCase);
    expect(new Set(cases.map(({ sessions, wanted }) => sessions.indexOf(wanted))).size).toBe(12);
    expect(new Set(cases.map(({ loggedIn }) => loggedIn.session.userId)).size).toBe(3);
  });

  it('outlasts every course, and ends at an hour that is another day in many places', () => {
    for (const { sessions } of NUMBERS.map(makeCase)) {
      for (const { expires, session } of sessions) {
        expect(expires.getUTCFullYear()).toBe(2036);
        expect(expires.getUTCHours()).toBe(23);
        expect(session.cookie.expires).toEqual(expires);
      }
    }
  });

  it('has a cookie that is signed as express-session signs', () => {
    const value = decodeURIComponent(cookieValue('an-id', SECRET));
    expect(value).toMatch(/^s:an-id\./);
    expect(unsign(value.slice(2), SECRET)).toBe('an-id');
  });
});

describe('the desk', () => {
  let mongo: Mongo;
  let client: MongoClient;
  beforeAll(async () => {
    mongo = await startMongo();
    client = await MongoClient.connect(`${mongo.uri}shop`);
  });
  beforeEach(() => client.db().dropDatabase());
  afterAll(async () => {
    await client.close();
    await mongo.stop();
  });

  function shop(caseNumber: number, sessions = client.db().collection<SessionDocument>('sessions')) {
    const answers = { caseNumber, sessionId: 'what I found' } as CaseAnswers;
    const findSession = (cookie: string) => sessions.findOne({ _id: cookie });
    const app = express();
    shopViews(app);
    app.use(express.urlencoded(), shopHeader);
    app.use('/case', caseDesk({ answers, findSession, sessions, secret: SECRET }));
    return request(app);
  }
  const documents = () => client.db().collection<SessionDocument>('sessions').find().toArray();

  it('puts the case into the database, and shows the cookie and no answer', async () => {
    const { wanted, loggedIn } = makeCase(7);
    const { text } = await shop(7).get('/case').expect(200);
    expect(text).toContain(cookieValue(wanted._id, SECRET));
    expect(text).toContain('shop.sessions');
    expect(text).not.toContain(loggedIn.session.userId);
    expect(text).not.toContain(wanted.expires.toISOString());
    expect(await documents()).toEqual(expect.arrayContaining([...makeCase(7).sessions]));
  });

  it('replaces the case before, puts right what was changed, and leaves shoppers alone', async () => {
    const sessions = client.db().collection<SessionDocument>('sessions');
    // Later than any clean-up during the test
    const expires = new Date('2040-01-01');
    const shopper = { _id: 'shopper', session: { cart: [] }, expires };
    await sessions.insertOne(shopper as unknown as SessionDocument);
    await shop(7).get('/case');
    await shop(8).get('/case');
    await sessions.updateOne({ _id: makeCase(8).wanted._id }, { $set: { expires } });
    await shop(8).get('/case');

    const left = await documents();
    expect(left).toHaveLength(13);
    expect(left).toEqual(expect.arrayContaining([shopper, ...makeCase(8).sessions]));
  });

  it('has documents that the real store takes for its own, and writes alike', async () => {
    await shop(7).get('/case');
    const MongoDBStore = connectMongoDBSession(session);
    const store = new MongoDBStore({ uri: `${mongo.uri}shop`, collection: 'sessions' }, () => {});
    const { wanted } = makeCase(7);
    const read = await new Promise<SessionData | null | undefined>((resolve, reject) =>
      store.get(wanted._id, (error, found) => (error ? reject(error) : resolve(found))),
    );
    expect(read).toEqual(wanted.session);

    await new Promise((done) => store.set('written', read as SessionData, done));
    const written = (await documents()).find(({ _id }) => _id === 'written');
    expect(written).toEqual({ ...wanted, _id: 'written' });
    await (store as unknown as { client: MongoClient }).client.close();
  });

  it('tells what findSession found', async () => {
    const visitor = shop(7);
    const { _id } = makeCase(7).wanted;
    await visitor.get('/case');
    const found = await visitor
      .post('/case')
      .type('form')
      .send({ cookie: ` ${_id} ` });
    expect(found.text).toContain(`data-found="${_id}"`);
    const nothing = await visitor.post('/case').type('form').send({ cookie: '<b>' });
    expect(nothing.text).toContain('data-found=""');
    expect(nothing.text).not.toContain('<b>');
    expect((await visitor.post('/case')).text).toContain('data-found=""');
  });

  it('asks for a number first, and puts nothing into the database', async () => {
    const { text } = await shop(0).get('/case').expect(200);
    expect(text).toContain('No case yet');
    expect(await documents()).toEqual([]);
  });

  it('hands the answers to the check', async () => {
    const { body } = await shop(7).get('/case/answers');
    expect(body).toEqual({ caseNumber: 7, sessionId: 'what I found' });
  });

  it('says that the database is away, and is there again with it', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const { uri, release } = await refusedUri();
    const away = new MongoClient(`${uri}shop`, { serverSelectionTimeoutMS: 50 });
    const { text } = await shop(7, away.db().collection<SessionDocument>('sessions'))
      .get('/case')
      .expect(200);
    expect(text).toContain('could not be put into the database');
    expect(log).toHaveBeenCalledWith(expect.stringContaining('Is the database there?'));
    log.mockRestore();
    await release();
    await away.close();
  });
});
