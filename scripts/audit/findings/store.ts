import { MongoClient } from 'mongodb';
import { createClient } from 'redis';
import { baseline } from './baseline.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** Where are the sessions, and does anything clear them out? */
export async function checkStore(scene: Scene): Promise<Finding[]> {
  const { setup } = scene;
  if (setup?.library === 'cookie-session') {
    return [
      advise(
        'store-kind',
        'cookie-session: the session is in the cookie, readable by its owner, and no server can end it',
        [`the cookie ${scene.cookieName} and its signature`],
      ),
      notTested('ttl-index', 'cookie-session has no store'),
    ];
  }
  const store = setup?.store ?? 'none';
  if (store === 'MemoryStore')
    return [
      mend('store-kind', 'MemoryStore: sessions are in the memory of the process', [
        'session() was given no store, or a MemoryStore',
      ]),
      notTested('ttl-index', 'MemoryStore has no database'),
    ];
  return [
    ok('store-kind', `sessions are kept by ${store}`, [`session() was given a ${store}`]),
    await ofClearing(scene),
  ];
}

async function ofClearing(scene: Scene): Promise<Finding> {
  const id = 'ttl-index';
  const session = await whereIs(scene);
  if (session === undefined)
    return notTested(
      id,
      `the session of a login is neither in MongoDB nor in a Redis of the audit: ${scene.setup?.store} keeps it elsewhere`,
    );
  if (session.kind === 'redis') {
    return session.seconds > 0
      ? ok(id, `its key in Redis ends in ${session.seconds} s`, [`PTTL ${session.key}`])
      : mend(id, 'its key in Redis has no end', [`PTTL ${session.key}: ${session.seconds}`]);
  }
  const { place, ttl, document } = session;
  const evidence = [
    `${place}: the document ${JSON.stringify(Object.keys(document))}`,
    ...ttl.map((each) => `index ${each.name}: expireAfterSeconds ${each.after}`),
  ];
  const [works] = ttl.filter(({ field }) => document[field] instanceof Date);
  if (works) return ok(id, `${place} has a TTL index on ${works.field}`, evidence);
  if (ttl.length > 0)
    return mend(
      id,
      `${place} has a TTL index on ${ttl[0]?.field}, and there is no date in that field`,
      evidence,
    );
  return mend(id, `${place} has no TTL index: expired sessions stay`, evidence);
}

type Place =
  | {
      kind: 'mongo';
      place: string;
      document: Record<string, unknown>;
      ttl: { name: string; field: string; after: number }[];
    }
  | { kind: 'redis'; key: string; seconds: number };

/** Looks for the session of a login in the audit's own databases. */
async function whereIs(scene: Scene): Promise<Place | undefined> {
  const { visitor } = await baseline(scene);
  const id = scene.id(visitor);
  if (id === undefined) throw new NotTestable('the session cookie has no ID');
  return (await inMongo(scene, id)) ?? (await inRedis(scene, id));
}

async function inMongo(scene: Scene, id: string): Promise<Place | undefined> {
  const client = await MongoClient.connect(scene.deployment.backends.mongo.uri);
  try {
    const { databases } = await client.db().admin().listDatabases();
    for (const { name: database } of databases) {
      for (const collection of await client.db(database).collections()) {
        const document = await collection.findOne({
          $or: [{ _id: id as never }, { sid: id }, { session_id: id }],
        });
        if (!document) continue;
        const indexes = await collection.indexes();
        const ttl = indexes
          .filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)
          .map(({ name = '', key, expireAfterSeconds }) => ({
            name,
            field: Object.keys(key)[0] ?? '',
            after: expireAfterSeconds ?? 0,
          }));
        return { kind: 'mongo', place: `${database}.${collection.collectionName}`, document, ttl };
      }
    }
    return undefined;
  } finally {
    await client.close();
  }
}

async function inRedis(scene: Scene, id: string): Promise<Place | undefined> {
  const { redisUrl } = scene.deployment.backends;
  if (!redisUrl) return undefined;
  const client = createClient({ url: redisUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    const [key] = await client.keys(`*${id}`);
    return key
      ? {
          kind: 'redis',
          key: key.replace(id, `${id.slice(0, 8)}…`),
          seconds: Math.round((await client.pTTL(key)) / 1000),
        }
      : undefined;
  } finally {
    client.destroy();
  }
}
