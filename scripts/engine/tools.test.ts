import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { useEngine } from './fixtures/engine.ts';
import { startEmbedded } from './server.ts';

// The commands of mongosh and Compass when they open a connection or show a page, and the replies that they need.

const at = useEngine();
const admin = (command: object) => at.client.db('admin').command({ ...command });
const shop = (command: object) => at.client.db('shop').command({ ...command });

test('getParameter knows few parameters, and says 72 when it knows none of those asked', async () => {
  const version = { featureCompatibilityVersion: { version: '7.0' } };
  expect(await admin({ getParameter: 1, featureCompatibilityVersion: 1 })).toEqual({ ...version, ok: 1 });
  expect(await admin({ getParameter: '*' })).toMatchObject(version);
  const unknown = { code: 72, codeName: 'InvalidOptions', message: 'no option found to get' };
  await expect(admin({ getParameter: 'foo' })).rejects.toMatchObject(unknown);
  await expect(admin({ getParameter: 1, constructor: 1 })).rejects.toMatchObject(unknown);
  await expect(shop({ getParameter: '*' })).rejects.toMatchObject({
    code: 13,
    message: 'getParameter may only be run against the admin database.',
  });
});

test('no Atlas, no startup warnings, no command line', async () => {
  await expect(admin({ atlasVersion: 1 })).rejects.toMatchObject({ code: 59, codeName: 'CommandNotFound' });
  expect(await admin({ getLog: 'startupWarnings' })).toEqual({ totalLinesWritten: 0, log: [], ok: 1 });
  expect(await admin({ getLog: '*' })).toMatchObject({ names: ['global', 'startupWarnings'] });
  await expect(admin({ getLog: 'x' })).rejects.toMatchObject({ code: 96, codeName: 'OperationFailed' });
  expect(await admin({ getCmdLineOpts: 1 })).toEqual({ argv: ['embedded'], parsed: {}, ok: 1 });
});

test('the server, its host and the connection are described', async () => {
  const build = { version: '7.0.14', modules: ['embedded'] };
  expect(await admin({ buildInfo: 1 })).toMatchObject(build);
  expect(await admin({ buildinfo: 1 })).toMatchObject(build);
  expect(await admin({ hostInfo: 1 })).toMatchObject({
    system: { numCores: expect.any(Number), memSizeMB: expect.any(Number), currentTime: expect.any(Date) },
    os: { type: expect.any(String) },
  });
  expect(await admin({ serverStatus: 1, repl: 0 })).toMatchObject({ version: '7.0.14', pid: process.pid });
  expect(await admin({ whatsmyuri: 1 })).toMatchObject({ you: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
  const { commands } = await admin({ listCommands: 1 });
  expect(commands).toMatchObject({ find: { requiresAuth: true }, hello: { requiresAuth: false } });
  expect(commands).not.toHaveProperty('validate');
});

test('nobody is logged in where nobody is asked', async () => {
  const nobody = { authenticatedUsers: [], authenticatedUserRoles: [] };
  expect(await admin({ connectionStatus: 1 })).toEqual({ authInfo: nobody, ok: 1 });
  expect(await admin({ connectionStatus: 1, showPrivileges: true })).toEqual({
    authInfo: { ...nobody, authenticatedUserPrivileges: [] },
    ok: 1,
  });
  expect(await admin({ usersInfo: 1 })).toEqual({ users: [], ok: 1 });
});

test('users are listed in admin, by name or all, and never with what proves them', async () => {
  const guarded = await startEmbedded({ users: { ann: 'a', bob: 'b' } });
  const bob = await MongoClient.connect(guarded.uri.replace('//', '//bob:b@'));
  const names = async (command: object, db = 'admin') =>
    (await bob.db(db).command({ ...command })).users.map(({ _id }: { _id: string }) => _id);
  expect(await names({ usersInfo: 1 })).toEqual(['admin.ann', 'admin.bob']);
  expect(await names({ usersInfo: 'ann' })).toEqual(['admin.ann']);
  expect(await names({ usersInfo: [{ user: 'bob', db: 'admin' }, 'nobody'] }, 'shop')).toEqual(['admin.bob']);
  expect(await names({ usersInfo: { user: 'bob', db: 'shop' } })).toEqual([]);
  expect(await names({ usersInfo: 1 }, 'shop')).toEqual([]);
  expect(await names({ usersInfo: { forAllDBs: true } }, 'shop')).toEqual(['admin.ann', 'admin.bob']);
  const asking = { usersInfo: 1, showCredentials: true };
  await expect(bob.db('admin').command(asking)).rejects.toMatchObject({ code: 238 });
  const status = await bob.db('shop').command({ connectionStatus: 1, showPrivileges: true });
  expect(status.authInfo).toEqual({
    authenticatedUsers: [{ user: 'bob', db: 'admin' }],
    authenticatedUserRoles: [{ role: 'root', db: 'admin' }],
    authenticatedUserPrivileges: [{ resource: { anyResource: true }, actions: ['anyAction'] }],
  });
  await bob.close();
  await guarded.stop();
});

test('statistics count what is there, in the scale asked', async () => {
  const things = at.client.db('shop').collection('things');
  await things.insertMany([{ text: 'x'.repeat(1000) }, { text: 'x'.repeat(2000) }]);
  await things.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  // As BSON: 4 bytes of size, 17 of _id, 11 beside the text itself, 1 at the end.
  const bytes = 3000 + 2 * 33;
  expect(await shop({ dbStats: 1 })).toMatchObject({
    db: 'shop',
    collections: 1,
    objects: 2,
    indexes: 2,
    dataSize: bytes,
  });
  expect(await shop({ dbStats: 1, scale: 1024 })).toMatchObject({
    dataSize: 2,
    scaleFactor: 1024,
    avgObjSize: 1533,
  });
  expect(await shop({ collStats: 'things' })).toMatchObject({
    ns: 'shop.things',
    count: 2,
    size: bytes,
    nindexes: 2,
    indexSizes: { _id_: expect.any(Number), expires_1: expect.any(Number) },
  });
  expect(await shop({ collStats: 'none' })).toMatchObject({
    ns: 'shop.none',
    count: 0,
    size: 0,
    nindexes: 0,
  });
  await expect(shop({ collStats: 'things', scale: 0 })).rejects.toMatchObject({ code: 2 });
  expect(await at.client.db('none').stats()).toMatchObject({
    collections: 0,
    objects: 0,
    dataSize: 0,
    avgObjSize: 0,
  });
  const [stats, ...more] = await things
    .aggregate([{ $collStats: { storageStats: {}, count: {} } }])
    .toArray();
  expect(stats).toMatchObject({ ns: 'shop.things', count: 2, storageStats: { size: bytes, nindexes: 2 } });
  expect(more).toEqual([]);
  const byName = [{ $indexStats: {} }, { $match: { name: 'expires_1' } }];
  expect(await things.aggregate(byName).toArray()).toMatchObject([
    { key: { expires: 1 }, accesses: { ops: 0 }, spec: { expireAfterSeconds: 0 } },
  ]);
});

const refusedPipelines = [
  [[{ $match: {} }, { $collStats: {} }], 40602],
  [[{ $collStats: { latencyStats: {} } }], 238],
  [[{ $collStats: { count: {} } }], 26],
  [[{ $collStats: 1 }], 5447000],
] as const;

test.each(refusedPipelines)('refuses the pipeline %j', async (pipeline, code) => {
  await expect(shop({ aggregate: 'none', pipeline, cursor: {} })).rejects.toMatchObject({ code });
});

test('explain says that it is a stub, and runs nothing', async () => {
  const things = at.client.db('shop').collection('things');
  await things.insertOne({ n: 1 });
  expect(await things.find({ n: 1 }).explain()).toMatchObject({
    queryPlanner: { namespace: 'shop.things', winningPlan: { stage: 'STUB' } },
    note: expect.stringContaining('This is a stub'),
  });
  await shop({ explain: { delete: 'things', deletes: [{ q: {}, limit: 0 }] } });
  expect(await things.countDocuments()).toBe(1);
  const asked = shop({ explain: { find: 'things' }, verbosity: 'executionStats' });
  await expect(asked).rejects.toMatchObject({
    code: 238,
    message: expect.stringContaining('executionStats'),
  });
  await expect(shop({ explain: { drop: 'things' } })).rejects.toMatchObject({ code: 59 });
});

test.each(['top', 'currentOp', 'validate', 'mapReduce'])(
  'the command %s, which mongod has, is refused by name with 238',
  async (name) => {
    await expect(admin({ [name]: 1 })).rejects.toMatchObject({
      code: 238,
      codeName: 'NotImplemented',
      message: `the command ${name} is not supported by the embedded engine; a real mongod has it`,
    });
  },
);
