import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { Binary, type Document, MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTap } from '../mongo/tap.ts';
import { Scram, Users } from './scram.ts';
import { type EmbeddedMongo, startEmbedded } from './server.ts';

const PASSWORDS = {
  shop: 'p@ss:w/rd%25',
  'a,b=c': 'comma',
  Jürgen: 'Straße №1',
  'user@example.com': 'x?y&z#',
};
let mongo: EmbeddedMongo;
const open: MongoClient[] = [];

beforeEach(async () => {
  mongo = await startEmbedded({ users: PASSWORDS });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await mongo.stop();
});

function clientOf(user: string, password: string, rest = 'shop?authSource=admin'): MongoClient {
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const client = new MongoClient(mongo.uri.replace('//', `//${credentials}@`) + rest);
  open.push(client);
  return client;
}
/** The last message of a client that knows the password, for another header or nonce if one is named (RFC 5802, section 3). */
function lastMessage(password: string, bare: string, challenge: string, header = 'n,,', wrong = ''): string {
  const [, nonce = '', salt = ''] = /^r=(.*),s=(.*),i=15000$/.exec(challenge) ?? [];
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = hmac(pbkdf2Sync(password, Buffer.from(salt, 'base64'), 15_000, 32, 'sha256'), 'Client Key');
  const withoutProof = `c=${Buffer.from(header).toString('base64')},r=${nonce}${wrong}`;
  const stored = createHash('sha256').update(key).digest();
  const signature = hmac(stored, `${bare},${challenge},${withoutProof}`);
  const proof = Buffer.from(key.map((byte, i) => byte ^ (signature[i] ?? 0)));
  return `${withoutProof},p=${proof.toString('base64')}`;
}
const insert = (client: MongoClient) => client.db('shop').collection('things').insertOne({});

describe('the real driver', () => {
  test.each(Object.entries(PASSWORDS))('user %s with password %s gets in', async (user, password) => {
    expect(await insert(clientOf(user, password))).toMatchObject({ acknowledged: true });
    // No authSource and no database: the driver takes admin.
    expect(await insert(clientOf(user, password, ''))).toMatchObject({ acknowledged: true });
    const named = clientOf(user, password, '?authMechanism=SCRAM-SHA-256');
    expect(await insert(named)).toMatchObject({ acknowledged: true });
  });

  test.each([
    ['a wrong password', 'shop', 'p@ss:w/rd%', '?authSource=admin'],
    ['another user’s password', 'shop', 'comma', '?authSource=admin'],
    ['an unknown user', 'nobody', 'comma', '?authSource=admin'],
    ['a name every object has', 'constructor', 'comma', '?authSource=admin'],
    ['another authSource', 'shop', PASSWORDS.shop, '?authSource=shop'],
    ['the database in the path, taken for authSource', 'shop', PASSWORDS.shop, 'shop'],
    ['the older mechanism', 'shop', PASSWORDS.shop, '?authMechanism=SCRAM-SHA-1'],
  ])('%s fails with 18', async (_what, user, password, rest) => {
    const error = await insert(clientOf(user, password, rest)).catch((caught) => caught);
    expect(error).toMatchObject({
      code: 18,
      codeName: 'AuthenticationFailed',
      message: 'Authentication failed.',
    });
  });

  test('logout ends the log-in of its connection', async () => {
    const client = clientOf('shop', PASSWORDS.shop, 'shop?authSource=admin&maxPoolSize=1');
    expect(await client.db('shop').collection('a').countDocuments()).toBe(0);
    expect(await client.db('admin').command({ logout: 1 })).toEqual({ ok: 1 });
    await expect(client.db('shop').collection('a').countDocuments()).rejects.toMatchObject({ code: 13 });
    expect(await client.db('admin').command({ logout: 1 })).toEqual({ ok: 1 });
  });

  test('a mechanism that is not there is refused by name', async () => {
    const client = clientOf('shop', PASSWORDS.shop, '?authMechanism=PLAIN&authSource=$external');
    await expect(insert(client)).rejects.toMatchObject({ code: 334, codeName: 'MechanismUnavailable' });
  });

  test('without credentials everything but greeting is refused with 13', async () => {
    const client = new MongoClient(mongo.uri);
    open.push(client);
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    expect(await client.db('admin').command({ buildInfo: 1 })).toMatchObject({ version: mongo.version });
    const things = client.db('shop').collection('things');
    const refused = { code: 13, codeName: 'Unauthorized' };
    await expect(things.insertOne({})).rejects.toMatchObject({
      ...refused,
      message: 'Command insert requires authentication',
    });
    await expect(things.findOne()).rejects.toMatchObject(refused);
    await expect(things.createIndex({ a: 1 })).rejects.toMatchObject(refused);
    await expect(things.countDocuments()).rejects.toMatchObject(refused);
    await expect(client.db('shop').dropDatabase()).rejects.toMatchObject(refused);
    await expect(client.db().admin().listDatabases()).rejects.toMatchObject(refused);
    await expect(client.db('admin').command({ frobnicate: 1 })).rejects.toMatchObject({ code: 59 });
  });

  test('who has logged in on one connection has not on another', async () => {
    await insert(clientOf('shop', PASSWORDS.shop));
    const other = new MongoClient(mongo.uri);
    open.push(other);
    await expect(insert(other)).rejects.toMatchObject({ code: 13 });
  });
});

test('the real driver logs in within its greeting, without a message more than one', async () => {
  const tap = await startTap(mongo.uri);
  const client = new MongoClient(`${tap.uri.replace('//', '//shop:p%40ss%3Aw%2Frd%2525@')}?maxPoolSize=1`);
  open.push(client);
  await insert(client);
  expect(tap.commands('saslStart')).toEqual([]);
  expect(tap.commands('saslContinue')).toHaveLength(1);
  await client.close();
  await tap.stop();
});

test('a client that does not skip the empty message is in after it, not before', async () => {
  const client = new MongoClient(`${mongo.uri}?maxPoolSize=1`);
  open.push(client);
  const admin = client.db('admin');
  const say = async (command: Document, payload: string) => {
    const reply = await admin.command({ ...command, payload: new Binary(Buffer.from(payload)) });
    return { done: reply.done, payload: String(reply.payload.toString('utf8')) };
  };
  await expect(say({ saslContinue: 1, conversationId: 1 }, '')).rejects.toMatchObject({ code: 17 });
  const bare = 'n=a=2Cb=3Dc,r=abcdef';
  const { payload: challenge } = await say({ saslStart: 1, mechanism: 'SCRAM-SHA-256' }, `n,,${bare}`);
  const last = lastMessage('comma', bare, challenge);
  const proven = await say({ saslContinue: 1, conversationId: 1 }, last);
  expect(proven).toMatchObject({ done: false, payload: expect.stringMatching(/^v=/) });
  await expect(insert(client)).rejects.toMatchObject({ code: 13 });
  expect(await say({ saslContinue: 1, conversationId: 1 }, '')).toEqual({ done: true, payload: '' });
  await insert(client);
  expect(await admin.command({ connectionStatus: 1 })).toMatchObject({
    authInfo: { authenticatedUsers: [{ user: 'a,b=c', db: 'admin' }] },
  });
});

describe('the exchange', () => {
  const USER = 'user';
  const first = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO';
  let users: Users;
  beforeEach(async () => {
    users = await Users.of({ [USER]: 'pencil' });
  });

  test('salts and nonces are new each time, and the client’s nonce comes first', async () => {
    const others = await Users.of({ [USER]: 'pencil', other: 'pencil' });
    const all = [new Scram(users, first), new Scram(users, first), new Scram(others, first)];
    expect(new Set(all.map(({ challenge }) => challenge)).size).toBe(3);
    const salts = all.map(({ challenge }) => /,s=([^,]+),i=15000$/.exec(challenge)?.[1]);
    expect(salts[0]).toBe(salts[1]);
    expect(salts[0]).not.toBe(salts[2]);
    expect(all[0]?.challenge).toMatch(/^r=rOprNGfwEbeRWgbNEkqO.{24},s=/);
    expect(others.credential('user')).not.toEqual(others.credential('other'));
  });

  test.each([
    ['channel binding', 'p=tls-unique,,n=user,r=abc'],
    ['acting for another', 'n,a=admin,n=user,r=abc'],
    ['a required extension', 'n,,m=x,n=user,r=abc'],
    ['a wrong escape', 'n,,n=us=65r,r=abc'],
    ['no nonce', 'n,,n=user,r='],
    ['nothing', ''],
  ])('a first message with %s is refused', (_what, message) => {
    expect(() => new Scram(users, message)).toThrow('Authentication failed.');
  });

  test.each([
    ['a proof too short', (r: string) => `c=biws,r=${r},p=AAAA`],
    ['a proof of zeros', (r: string) => `c=biws,r=${r},p=${'A'.repeat(43)}=`],
    ['no proof', (r: string) => `c=biws,r=${r}`],
    ['nothing', () => ''],
  ])('a last message with %s is refused', (_what, last) => {
    const scram = new Scram(users, first);
    const nonce = /^r=([^,]+)/.exec(scram.challenge)?.[1] ?? '';
    expect(() => scram.verify(last(nonce))).toThrow('Authentication failed.');
  });

  test('a right proof counts only with the header and the nonce of this exchange', () => {
    const bare = first.slice('n,,'.length);
    const tries = (header?: string, wrong?: string) => {
      const scram = new Scram(users, first);
      return () => scram.verify(lastMessage('pencil', bare, scram.challenge, header, wrong));
    };
    expect(tries()()).toMatch(/^v=.{43}=$/);
    expect(tries('y,,')).toThrow('Authentication failed.');
    expect(tries('n,,', 'x')).toThrow('Authentication failed.');
  });
});
