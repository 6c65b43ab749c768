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
    ...(await ofClearing(scene).then(
      (finding) => [finding],
      (error: unknown) => {
        if (error instanceof NotTestable) return [notTested('ttl-index', error.message)];
        throw error;
      },
    )),
  ];
}

async function ofClearing(scene: Scene): Promise<Finding> {
  const id = 'ttl-index';
  const session = await kept(scene);
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

/** Where the sessions are, as far as faults can be played there. */
export interface Backend {
  refuse(): Promise<void>;
  hang(): void;
  behave(): Promise<void>;
  /** Has every write of a session fail; undefined where that cannot be done. */
  readonly failWrites: (() => void) | undefined;
  /** Whether a write was tried since then. */
  wroteNothing(): boolean;
}

/** @throws {NotTestable} when the sessions are in no database of the audit */
export async function backendOf(scene: Scene): Promise<Backend> {
  const place = await kept(scene);
  const { tap, redis } = scene.deployment.backends;
  if (place?.kind === 'redis' && redis)
    return {
      refuse: () => redis.refuse(),
      hang: () => redis.hang(),
      behave: () => redis.behave(),
      failWrites: undefined,
      wroteNothing: () => false,
    };
  if (place?.kind !== 'mongo')
    throw new NotTestable(
      `the sessions are in no database of the audit (${scene.setup?.store ?? 'cookie-session'})`,
    );
  const [db = ''] = place.place.split('.');
  const failure = {
    code: 13,
    codeName: 'Unauthorized',
    message: 'not authorized to write (played by the audit)',
    times: Number.POSITIVE_INFINITY,
    db,
  };
  return {
    refuse: () => tap.refuse(),
    hang: () => tap.hang(),
    behave: () => tap.behave(),
    failWrites: () => {
      tap.forget();
      for (const name of ['update', 'insert', 'findAndModify']) tap.fail(name, failure);
    },
    wroteNothing: () =>
      tap
        .commands()
        .some(({ name, passed }) => ['update', 'insert', 'findAndModify'].includes(name) && !passed),
  };
}

const places = new WeakMap<Scene, Promise<Place | undefined>>();

/** Where the session of a login was found, looked for once. */
function kept(scene: Scene): Promise<Place | undefined> {
  if (!scene.setup || scene.setup.library === 'cookie-session' || scene.setup.store === 'MemoryStore')
    return Promise.resolve(undefined);
  let place = places.get(scene);
  if (!place) {
    place = whereIs(scene);
    places.set(scene, place);
  }
  return place;
}

/** When the record of a session ends, in milliseconds; undefined when that cannot be read. */
export async function endInStore(scene: Scene, id: string): Promise<number | undefined> {
  const place = await kept(scene);
  if (place?.kind === 'redis') {
    const now = await inRedis(scene, id);
    return now?.kind === 'redis' && now.seconds > 0
      ? Date.now() + scene.clock.ahead + now.seconds * 1000
      : undefined;
  }
  if (place?.kind !== 'mongo') return undefined;
  const now = await inMongo(scene, id);
  if (now?.kind !== 'mongo') return undefined;
  const [first] = now.ttl;
  const dates = Object.entries(now.document).filter(
    (entry): entry is [string, Date] => entry[1] instanceof Date,
  );
  const end = dates.find(([name]) => name === first?.field) ?? dates.find(([name]) => /expire/i.test(name));
  return end ? end[1].getTime() + (first?.field === end[0] ? first.after * 1000 : 0) : undefined;
}

/** A store that goes by the clock of its database: the audit moves the app's alone. */
export async function keepsOwnTime(scene: Scene): Promise<boolean> {
  return scene.setup?.store !== 'MemoryStore' && (await kept(scene))?.kind !== 'mongo';
}
