import { type Document, type IndexSpecification, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';

// The doctor waits in these tests, and the machine may be busy.
let mongo: EmbeddedMongo;
let client: MongoClient;
beforeAll(async () => {
  mongo = await startEmbedded();
  client = await MongoClient.connect(mongo.uri);
});
afterAll(async () => {
  await client.close();
  await mongo.stop();
});

const HOUR = 3_600_000;
const soon = () => new Date(Date.now() + HOUR);
const TTL = { expireAfterSeconds: 0 };
let databases = 0;

/** The findings for these sessions, in their own database. */
async function examine(
  documents: Document[],
  index: object | null = TTL,
  other?: IndexSpecification,
): Promise<Finding[]> {
  const name = `shop${++databases}`;
  const sessions = client.db(name).collection<Document>('sessions');
  if (documents.length) await sessions.insertMany(documents);
  else await client.db(name).createCollection('sessions');
  if (index) await sessions.createIndex({ expires: 1 }, index);
  if (other) await sessions.createIndex(other, { expireAfterSeconds: 60 });
  return diagnose(`${mongo.uri}${name}`);
}
/** Examines the database of these findings again, without writing. */
const look = (_findings: readonly Finding[]) => diagnose(`${mongo.uri}shop${databases}`, { write: false });
const warnings = (findings: readonly Finding[]) =>
  findings
    .filter(({ verdict }) => verdict !== 'good' && verdict !== 'note')
    .map(({ id, words }) => [id, words]);
const SESSION_COOKIE = { cookie: { path: '/' } };
const document = (session: unknown, more: object = {}): Document => ({
  _id: 'Q7n2kPq0bO5mE8sD1vR6uH3w',
  session: typeof session === 'object' ? { ...SESSION_COOKIE, ...session } : session,
  expires: soon(),
  ...more,
});

test('sessions in good health', async () => {
  const findings = await examine([document({ cookie: {}, userId: 'u1', isLoggedIn: true })]);
  expect(warnings(findings)).toEqual([]);
  expect(findings.slice(-2).map(({ words }) => words)).toEqual([
    'expires_1, 0 s after expires',
    expect.stringMatching(/^1; the largest has \d+ bytes$/),
  ]);
});

test('none at the moment', async () => {
  expect((await examine([])).at(-1)?.words).toBe('none at the moment');
});

test('no TTL index, or an index that deletes nothing', async () => {
  expect(warnings(await examine([document({})], null))).toEqual([['ttl-index', 'there is none on expires']]);
  const conflict = await examine([document({})], {});
  expect(warnings(conflict)).toEqual([
    ['index-conflict', expect.stringMatching(/code 85/)],
    ['ttl-index', 'there is an index on expires, but it deletes nothing'],
  ]);
});

test('a sweep that does not come', async () => {
  // This index deletes nothing yet, so expired sessions stay, as on a server that does not sweep.
  const late = document({}, { expires: new Date(Date.now() - 400 * 24 * HOUR) });
  const partial = { expireAfterSeconds: 0, partialFilterExpression: { due: true } };
  expect(warnings(await look(await examine([late], partial)))).toEqual([
    ['ttl-sweep', 'a session should have been deleted minutes ago'],
  ]);
});

test('a TTL index with another number of seconds is what the store meets', async () => {
  const findings = await examine([document({})], { expireAfterSeconds: 1_209_600 });
  expect(warnings(findings)).toEqual([
    ['index-conflict', expect.stringContaining('(code 85, IndexOptionsConflict)')],
    ['ttl-seconds', expect.any(String)],
  ]);
  // It is also seen when nothing is written.
  expect(warnings(await look(findings))).toEqual([
    [
      'ttl-seconds',
      expect.stringMatching(/^expires_1, 1209600 s after expires; a store with another number/),
    ],
  ]);
});

test('a TTL index on another field', async () => {
  const findings = await examine([document({})], TTL, { createdAt: 1 });
  expect(warnings(findings)).toEqual([['ttl-field', 'createdAt_1 deletes 60 s after createdAt']]);
});

test('documents that no sweep will ever find', async () => {
  for (const expires of [soon().toISOString(), null]) {
    expect(warnings(await examine([document({}, { expires })]))).toEqual([
      ['session-expires', '1 of 1 looked at have no Date in expires'],
    ]);
  }
});

test('sessions of connect-mongo, and documents that are none', async () => {
  const json = document(JSON.stringify({ cookie: {}, userId: 'u1' }));
  expect(warnings(await examine([json, document({}, { _id: 'other' })]))).toEqual([
    [
      'stores-mixed',
      expect.stringMatching(/^1 of 2 looked at are JSON text, as connect-mongo writes it: .*500/),
    ],
  ]);
  expect(warnings(await examine([{ _id: 1, total: 3 }]))).toEqual([
    ['no-documents-of-store', '1 of 1 looked at are no sessions'],
  ]);
});

test('a session that is too large', async () => {
  expect(warnings(await examine([document({ cart: 'x'.repeat(20_000) })]))).toEqual([
    ['session-size', expect.stringMatching(/^one has 19\.\d kB$/)],
  ]);
});

test.each<[string, unknown, string]>([
  ['a password', { password: 'hunter22' }, 'session.password'],
  ['one deeper down', { cart: { owner: { passwordHash: 'hunter22' } } }, 'session.cart.owner.passwordHash'],
  ['a whole user', { user: { _id: 1, name: 'hunter22', email: 'a@b' } }, 'a whole user (session.user)'],
  ['a hash of bcrypt under another name', { p: '$2b$10$hunter22hunter22' }, 'a hash or a token (session.p)'],
  ['a token', { google: { access_token: 'hunter22' } }, 'session.google.access_token'],
  ['one below a key that was typed', { 'hunter22@example.org': { password: 'x' } }, 'session.….password'],
])('%s is named by its path, not by its value', async (_, session, path) => {
  const findings = await examine([document(session)]);
  expect(warnings(findings)).toEqual([['session-secrets', `one holds ${path}`]]);
  expect(JSON.stringify(findings)).not.toMatch(/hunter22|Q7n2kP/);
});

test.each<[string, unknown]>([
  ['a CSRF token', { csrfToken: 'abc' }],
  ["Passport's user, an ID", { passport: { user: '507f1f77bcf86cd799439011' } }],
  ['a reference around an ID', { user: { id: 'u1' } }],
  ['a count', { hash: 3 }],
  ['an empty field', { password: '' }],
])('%s is no secret', async (_, session) => {
  expect(warnings(await examine([document(session)]))).toEqual([]);
});
