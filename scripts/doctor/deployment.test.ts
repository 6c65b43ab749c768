import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { type BrokenDeployments, startBrokenDeployments } from '../mongo/deployments/broken-deployments.ts';
import { startTap, type Tap } from '../mongo/tap.ts';
import { compareClocks } from './deployment.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';

// The doctor waits in these tests, and the machine may be busy.
let mongo: EmbeddedMongo;
let guarded: EmbeddedMongo;
const PASSWORD = 'tea/and@cake:100%';
beforeAll(async () => {
  [mongo, guarded] = await Promise.all([startEmbedded(), startEmbedded({ users: { ann: PASSWORD } })]);
});
afterAll(() => Promise.all([mongo.stop(), guarded.stop()]));

async function tapped(target = mongo): Promise<Tap> {
  const tap = await startTap(target.uri);
  onTestFinished(() => tap.stop());
  return tap;
}
const ill = (findings: readonly Finding[]) =>
  findings.filter(({ verdict }) => verdict === 'fault' || verdict === 'warning').map(({ id }) => id);
const named = (findings: readonly Finding[], id: string) => findings.find((finding) => finding.id === id);
const asAnn = (uri: string, password = encodeURIComponent(PASSWORD)) =>
  uri.replace('//', `//ann:${password}@`);

describe("lesson 5's patients", () => {
  let broken: BrokenDeployments;
  beforeAll(async () => {
    broken = await startBrokenDeployments(mongo.uri);
  });
  afterAll(() => broken.close());

  test('each is diagnosed by name, by no other, and no password is told', async () => {
    for (const [problem, { uri, password }] of Object.entries(broken.byProblem)) {
      const findings = await diagnose(uri);
      // The finding for a host that is away also warns of dead stores.
      const also = problem === 'host-away' ? ['dead-store'] : [];
      expect(ill(findings), JSON.stringify(findings)).toEqual([problem, ...also]);
      if (password) expect(JSON.stringify(findings)).not.toContain(password);
    }
  });
});

test('a deployment in good health', async () => {
  const findings = await diagnose(`${mongo.uri}shop`);
  expect(ill(findings)).toEqual([]);
  expect(findings.map(({ id }) => id)).toEqual([
    'form',
    'encoding',
    'database-name',
    'options',
    'dns',
    'tcp',
    'hello',
    'server-clock',
    'login',
    'retryable-writes',
    'store-trial',
    'sessions',
  ]);
});

const WRITES = ['insert', 'update', 'findAndModify', 'createIndexes', 'create', 'drop'];

test('told only to look, one delete that matches nothing is all that is written, and it says what it does not know', async () => {
  const tap = await tapped();
  tap.asReplicaSetMember();
  const announced: string[] = [];
  const findings = await diagnose(`${tap.uri}untouched`, {
    write: false,
    announce: (words) => announced.push(words),
  });
  expect(ill(findings)).toEqual([]);
  expect(named(findings, 'store-trial')).toMatchObject({
    verdict: 'note',
    words: expect.stringContaining('--write'),
  });
  for (const name of WRITES) expect(tap.commands(name)).toEqual([]);
  expect(tap.commands('delete').map(({ body }) => 'txnNumber' in body)).toEqual([true]);
  expect(announced).toEqual([]);
  const client = await MongoClient.connect(mongo.uri);
  onTestFinished(() => client.close());
  expect(await client.db('untouched').listCollections().toArray()).toEqual([]);
});

test.each([false, true])(
  'on this machine it does what the store does, says so before, and leaves nothing (a collection: %s)',
  async (there) => {
    const tap = await tapped();
    const client = await MongoClient.connect(mongo.uri);
    onTestFinished(() => client.close());
    const db = client.db(there ? 'tried' : 'fresh');
    const session = {
      _id: 'Q7n2kPq0' as never,
      session: { cookie: {} },
      expires: new Date(Date.now() + 1e6),
    };
    if (there) await db.collection('sessions').insertOne(session);
    const announced: string[] = [];
    const uri = `${tap.uri}${db.databaseName}?w=1&readPreference=primaryPreferred`;
    const findings = await diagnose(uri, { announce: (words) => announced.push(words) });
    expect(ill(findings)).toEqual(there ? ['ttl-index'] : []);
    expect(announced).toEqual([
      expect.stringMatching(/^Storing one document, doctor-\S+, in .*, and removing it\.$/),
    ]);
    expect(tap.commands('update')[0]?.body).toMatchObject({
      updates: [{ upsert: true }],
      writeConcern: { w: 1 },
    });
    expect(tap.commands('find').length).toBeGreaterThan(0);
    const collections = await db.listCollections().toArray();
    expect(collections.map(({ name }) => name)).toEqual(there ? ['sessions'] : []);
    if (there) {
      expect(await db.collection('sessions').find().toArray()).toEqual([session]);
      expect((await db.collection('sessions').indexes()).map(({ name }) => name)).toEqual(['_id_']);
    }
  },
);

test("the string's own write concern is what is tried, also by the delete that matches nothing", async () => {
  for (const write of [false, true]) {
    const tap = await tapped();
    tap.asReplicaSetMember();
    tap.fail('delete', {
      code: 79,
      message: "No write concern mode named 'most' found in replica set configuration",
      times: Infinity,
    });
    const findings = await diagnose(`${tap.uri}shop?w=most`, { write });
    expect(ill(findings)).toEqual(['write-concern']);
    expect(tap.commands('delete')[0]?.body).toMatchObject({ writeConcern: { w: 'most' } });
  }
});

test.each([
  ['update', { code: 8000, message: 'you are over your space quota, using 513 MB of 512 MB' }, 'quota'],
  [
    'delete',
    { code: 8000, message: 'user is not allowed to do action [remove] on [shop.sessions]' },
    'permission',
  ],
  [
    'find',
    { code: 8000, message: 'user is not allowed to do action [find] on [shop.sessions]' },
    'permission',
  ],
  [
    'listIndexes',
    { code: 8000, message: 'user is not allowed to do action [listIndexes] on [shop.sessions]' },
    'permission',
  ],
  ['delete', { code: 8000, message: 'something new of Atlas' }, 'server-error'],
  ['delete', { code: 13, message: 'not authorized on shop to execute command' }, 'permission'],
  ['delete', { code: 50, message: 'operation exceeded time limit' }, 'server-timeout'],
  ['createIndexes', { code: 85, message: 'An equivalent index already exists' }, 'index-conflict'],
  ['createIndexes', { code: 86, message: 'An existing index has the same name' }, 'index-conflict'],
  ['update', { code: 112, message: 'WriteConflict error' }, 'write-conflict'],
  ['delete', { code: 211, message: 'Cache Reader No keys found for HMAC' }, 'keys-not-found'],
  [
    'update',
    { code: 263, message: 'Cannot run it in a multi-document transaction' },
    'transaction-not-supported',
  ],
  ['delete', { code: 13435, message: 'not primary and secondaryOk=false' }, 'not-primary'],
  ['delete', { code: 91, message: 'The server is in quiesce mode' }, 'stepping-down'],
  ['delete', { code: 189, message: 'Primary stepped down' }, 'stepping-down'],
  ['delete', { code: 11600, message: 'interrupted at shutdown' }, 'stepping-down'],
  ['update', { code: 4711, message: 'the moon is in the way' }, 'server-error'],
  ['find', { code: 4712, message: 'the moon is in the way' }, 'server-error'],
] as const)('%s refused with %j is %s', async (command, { code, message }, id) => {
  const tap = await tapped(guarded);
  tap.fail(command, { code, message, times: Infinity });
  const findings = await diagnose(`${asAnn(tap.uri)}refused${code}?authSource=admin`);
  const [first] = findings.filter(({ verdict }) => verdict === 'fault');
  expect(first?.id).toBe(id);
  // An unknown message is shown as it is, without the fix of another problem.
  expect(first?.words).toMatch(`the server says: ${message} (code ${code}`);
  if (id === 'server-error') expect(first?.fix).toMatch(/^Read its words/);
});

test('retryable writes that are refused, until the string turns them off', async () => {
  const tap = await tapped();
  tap.refuseRetryableWrites();
  const refused = await diagnose(`${tap.uri}shop?retryWrites=true`);
  expect(named(refused, 'retryable-writes')).toMatchObject({
    verdict: 'fault',
    fix: expect.stringMatching(/^Add retryWrites=false\. It costs/),
  });
  expect(ill(await diagnose(`${tap.uri}shop?directConnection=true`))).toEqual(['retryable-writes']);
  const off = await diagnose(`${tap.uri}shop?retryWrites=false`);
  expect(ill(off)).toEqual([]);
  expect(named(off, 'retryable-writes')).toMatchObject({ verdict: 'note' });
});

test('a server that accepts and never answers is given up soon', async () => {
  const tap = await tapped();
  tap.hang();
  expect(ill(await diagnose(`${tap.uri}shop`))).toEqual(['silent']);
});

describe('a log-in', () => {
  test('that works', async () => {
    expect(ill(await diagnose(`${asAnn(guarded.uri)}shop?authSource=admin`))).toEqual([]);
  });

  test('by the wrong database: the right one is named', async () => {
    const findings = await diagnose(`${asAnn(guarded.uri)}shop`);
    expect(named(findings, 'auth-source')).toMatchObject({
      words: 'ann is no user of the database shop, but of admin',
      fix: 'Add authSource=admin.',
    });
  });

  test('with another password: nobody is told which of the two is wrong', async () => {
    const findings = await diagnose(`${asAnn(guarded.uri, 'quinoa')}shop?authSource=admin`);
    expect(ill(findings)).toEqual(['credentials']);
    expect(JSON.stringify(findings)).not.toContain('quinoa');
  });

  test('that the string does not have', async () => {
    expect(ill(await diagnose(`${guarded.uri}shop`))).toEqual(['credentials']);
  });

  test('of a user who may not write there', async () => {
    const tap = await tapped(guarded);
    tap.fail('delete', { code: 13, times: Infinity });
    expect(ill(await diagnose(`${asAnn(tap.uri)}shop?authSource=admin`))).toEqual(['permission']);
  });
});

test('a replica set of another name, and none at all', async () => {
  const tap = await tapped();
  tap.asReplicaSetMember();
  const other = await diagnose(`${tap.uri}shop?replicaSet=other`);
  expect(named(other, 'replica-set')).toMatchObject({
    words: 'the string asks for the set other, and this is rs0',
    fix: 'Write replicaSet=rs0, or drop the option.',
  });
  expect(ill(await diagnose(`${mongo.uri}shop?replicaSet=rs0`))).toEqual(['replica-set']);
});

test('a user who may write and not read', async () => {
  const tap = await tapped(guarded);
  tap.fail('listIndexes', { code: 13, message: 'not authorized', times: Infinity });
  expect(ill(await diagnose(`${asAnn(tap.uri)}shop?authSource=admin`))).toEqual(['permission']);
  expect(ill(await diagnose(`${asAnn(tap.uri)}?authSource=admin`))).toEqual(['database-name']);
});

test('a connection that breaks in the middle is a finding, too', async () => {
  const tap = await tapped();
  tap.dropAt('find', 9);
  expect(ill(await diagnose(`${tap.uri}shop`))).toEqual(['connection-closed']);
});

test('an examination comes to its end', async () => {
  const tap = await tapped();
  tap.hang();
  const findings = await diagnose(`${tap.uri}shop`, { giveUpAfterMs: 1 });
  expect(findings.at(-1)).toMatchObject({ id: 'silent', words: 'given up after 0.001 s' });
});

test.each([
  [-31, "the server's clock is 31 s behind this one"],
  [31, "the server's clock is 31 s ahead of this one"],
])('a clock that is %d s off', (seconds, words) => {
  const localTime = new Date(1_000_000 + seconds * 1000);
  expect(compareClocks({ localTime }, 1_000_000, 1_000_000)).toMatchObject([{ id: 'clock', words }]);
  // An answer that took a minute says nothing about the clocks.
  expect(ill(compareClocks({ localTime }, 1_000_000 - 30_000, 1_000_000 + 30_000))).toEqual([]);
});

test('a server that takes no writes', async () => {
  const tap = await tapped();
  tap.fail('delete', { code: 10107, message: 'not primary', times: Infinity });
  expect(ill(await diagnose(`${tap.uri}shop`))).toEqual(['not-primary']);
});
