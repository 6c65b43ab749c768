import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';

// Waits of the doctor's own are in here, and a machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

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

/** What the doctor says of these sessions, in a database of their own. */
async function examine(documents: Document[], index: object | null = TTL): Promise<Finding[]> {
  const name = `shop${databases++}`;
  const sessions = client.db(name).collection<Document>('sessions');
  if (documents.length) await sessions.insertMany(documents);
  else await client.db(name).createCollection('sessions');
  if (index) await sessions.createIndex({ expires: 1 }, index);
  return diagnose(`${mongo.uri}${name}`);
}
const warnings = (findings: readonly Finding[]) =>
  findings
    .filter(({ verdict }) => verdict !== 'good' && verdict !== 'note')
    .map(({ id, words }) => [id, words]);
const document = (session: unknown, more: object = {}): Document => ({
  _id: 'Q7n2kPq0bO5mE8sD1vR6uH3w',
  session,
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
  expect(warnings(await examine([document({})], {}))).toEqual([
    ['ttl-index', 'there is an index on expires, but it deletes nothing'],
  ]);
});

test('a sweep that does not come', async () => {
  // The index waits for a year: what is due stays, as with a server that does not sweep.
  const late = document({}, { expires: new Date(Date.now() - HOUR) });
  expect(warnings(await examine([late], { expireAfterSeconds: 31_536_000 }))).toEqual([
    ['ttl-sweep', 'Q7n2kP… should have been deleted minutes ago'],
  ]);
});

test('a document that no sweep will ever find', async () => {
  for (const expires of [soon().toISOString(), null]) {
    expect(warnings(await examine([document({}, { expires })]))).toEqual([
      ['session-expires', 'Q7n2kP… has no Date in expires'],
    ]);
  }
});

test('a session that is too large', async () => {
  expect(warnings(await examine([document({ cart: 'x'.repeat(20_000) })]))).toEqual([
    ['session-size', expect.stringMatching(/^Q7n2kP… has 19\.\d kB$/)],
  ]);
});

test.each<[string, unknown, string]>([
  ['a password', { password: 'hunter22' }, 'session.password'],
  ['one deeper down', { cart: { owner: { passwordHash: 'hunter22' } } }, 'session.cart.owner.passwordHash'],
  ['a whole user', { user: { _id: 1, name: 'hunter22', email: 'a@b' } }, 'a whole user (session.user)'],
  ['JSON, as connect-mongo keeps it', '{"password":"hunter22"}', 'session.password'],
])('%s is named by its path, not by its value', async (_, session, path) => {
  const findings = await examine([document(session)]);
  expect(warnings(findings)).toEqual([['session-secrets', `Q7n2kP… holds ${path}`]]);
  expect(JSON.stringify(findings)).not.toMatch(/hunter22|Q7n2kPq/);
});

test.each<[string, unknown]>([
  ['a CSRF token', { csrfToken: 'abc' }],
  ["Passport's user, an ID", { passport: { user: '507f1f77bcf86cd799439011' } }],
  ['a reference around an ID', { user: { id: 'u1' } }],
])('%s is no secret', async (_, session) => {
  expect(warnings(await examine([document(session)]))).toEqual([]);
});
