import type { Db, Document } from 'mongodb';

// Three differences are not below. The embedded engine deletes what a TTL index says within a second, mongod within a minute. Finds of the
// embedded engine use the _id or a scan: other indexes make them no faster, and unsorted documents come in the order they were inserted. After a
// batch that is exactly full it knows whether there is more; mongod may keep the cursor open, and answer the next getMore with nothing.

/** A known difference of the engines. They must answer everything else that this workshop sends alike. */
export interface Difference {
  readonly what: string;
  readonly why: string;
  readonly ask: (db: Db) => Promise<Document>;
  /** What each answers, in part: a reply, or the error it rejects with. */
  readonly embedded: Document;
  readonly mongod: Document;
}

/** How the embedded engine refuses what it lacks (MongoDB's error 238, NotImplemented). */
const refused = { code: 238, codeName: 'NotImplemented' };
const ok = { ok: 1 };

const plan = (db: Db) => db.collection<{ _id: number }>('things').find({ _id: 1 }).explain();
const stats = async (db: Db) => {
  await db.collection('things').insertOne({});
  const [only] = await db
    .collection('things')
    .aggregate([{ $collStats: { storageStats: {} } }])
    .toArray();
  const { totalIndexSize, storageSize, size } = only?.storageStats ?? {};
  return { indexed: totalIndexSize > 0, onDisk: storageSize !== size };
};
const find = (filter: Document) => async (db: Db) => {
  await db.collection('things').insertOne({ n: 1 });
  return db.command({ find: 'things', filter });
};
const hinted = async (db: Db) => {
  await db.collection('things').createIndex({ a: 1 }, { sparse: true });
  return db.command({ find: 'things', hint: 'a_1' });
};

export const DIFFERENCES: readonly Difference[] = [
  {
    what: 'buildInfo',
    why: 'The embedded engine must say that it is one.',
    ask: (db) => db.command({ buildInfo: 1 }),
    embedded: { gitVersion: 'embedded', modules: ['embedded'] },
    mongod: { gitVersion: aCommit(), modules: [] },
  },
  {
    what: 'listDatabases',
    why: 'admin, config and local are kept by mongod for itself.',
    ask: async (db) => {
      const { databases } = await db.admin().listDatabases({ nameOnly: true });
      return { own: databases.filter(({ name }) => ['admin', 'config', 'local'].includes(name)).length > 0 };
    },
    embedded: { own: false },
    mongod: { own: true },
  },
  {
    what: 'sizes of storage and of indexes',
    why: 'Documents in memory are stored as their BSON, and indexes count as the BSON of their keys. mongod measures its files.',
    ask: stats,
    embedded: { indexed: true, onDisk: false },
    mongod: { indexed: true, onDisk: true },
  },
  {
    what: 'explain',
    why: 'There is no planner to explain.',
    ask: async (db) => ({ stub: JSON.stringify(await plan(db)).includes('"STUB"') }),
    embedded: { stub: true },
    mongod: { stub: false },
  },
  {
    what: 'change streams',
    why: 'Neither is a replica set. mongod says so, the embedded engine that it lacks them.',
    ask: (db) => db.command({ aggregate: 'things', pipeline: [{ $changeStream: {} }], cursor: {} }),
    embedded: refused,
    mongod: { code: 40573 },
  },
  {
    what: '$where',
    why: 'No JavaScript runs in it.',
    ask: find({ $where: 'this.n === 1' }),
    embedded: refused,
    mongod: ok,
  },
  {
    what: '$text',
    why: 'No text indexes.',
    ask: find({ $text: { $search: 'x' } }),
    embedded: refused,
    mongod: { code: 27 },
  },
  {
    what: 'a hint that names a sparse or partial index',
    why: 'mongod finds only what is in that index. Finds of the embedded engine use none.',
    ask: hinted,
    embedded: refused,
    mongod: ok,
  },
  {
    what: 'validators',
    why: 'No session store makes one.',
    ask: (db) => db.command({ create: 'things', validator: { n: 1 } }),
    embedded: refused,
    mongod: ok,
  },
  {
    what: 'validate',
    why: 'There are no files to check.',
    ask: async (db) => {
      await db.createCollection('things');
      return db.command({ validate: 'things' });
    },
    embedded: refused,
    mongod: ok,
  },
];

/** mongod names the commit that it was built from. */
function aCommit() {
  return { asymmetricMatch: (value: unknown) => /^[0-9a-f]{40}$/.test(String(value)) };
}
