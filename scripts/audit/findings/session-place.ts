import { setTimeout as delay } from 'node:timers/promises';
import { type Collection, type Document, MongoClient } from 'mongodb';
import { createClient } from 'redis';
import type { Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { baseline } from './baseline.ts';
import { NotTestable } from './finding.ts';

/** The place where the session of a login was found. */
export type Place =
  | {
      kind: 'mongo';
      place: string;
      document: Record<string, unknown>;
      ttl: { name: string; field: string; after: number }[];
    }
  | { kind: 'redis'; key: string; ms: number };

/** Looks for the session of a login in the audit's own databases. */
async function whereIs(context: AuditContext): Promise<Place | undefined> {
  const { visitor } = await baseline(context);
  // The first visitor's session may have ended meanwhile, for example by a sign-out on all devices.
  return (await placeOf(context, visitor)) ?? (await placeOf(context, await context.loggedIn()));
}

async function placeOf(context: AuditContext, visitor: Visitor): Promise<Place | undefined> {
  const id = context.id(visitor);
  if (id === undefined) throw new NotTestable('the session cookie has no ID');
  return (await inMongo(context, await context.keyOf(id))) ?? (await inRedis(context, id));
}

async function inMongo(context: AuditContext, id: string): Promise<Place | undefined> {
  const client = await MongoClient.connect(context.deployment.backends.mongo.uri);
  try {
    const { databases } = await client.db().admin().listDatabases();
    for (const { name: database } of databases) {
      for (const collection of await client.db(database).collections()) {
        const document =
          (await collection.findOne({ _id: id as never })) ?? (await byAnyField(collection, id));
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

/** Some stores have other names for the ID: sid, session_id, or one from an option. */
async function byAnyField(collection: Collection, id: string): Promise<Document | undefined> {
  for await (const document of collection.find().limit(MOST_DOCUMENTS))
    if (Object.values(document).includes(id)) return document;
  return undefined;
}

/** More documents than a collection of sessions has in an audit. */
const MOST_DOCUMENTS = 2000;

async function inRedis(context: AuditContext, id: string): Promise<Place | undefined> {
  const { redisUrl } = context.deployment.backends;
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
          ms: await client.pTTL(key),
        }
      : undefined;
  } finally {
    client.destroy();
  }
}

const places = new WeakMap<AuditContext, Promise<Place | undefined>>();

/** The place of the session of a login, searched once. */
export function kept(context: AuditContext): Promise<Place | undefined> {
  if (!context.setup || context.setup.library === 'cookie-session' || context.setup.store === 'MemoryStore')
    return Promise.resolve(undefined);
  let place = places.get(context);
  if (!place) {
    place = whereIs(context);
    places.set(context, place);
  }
  return place;
}

/** When the record of a session ends, in milliseconds; undefined when that cannot be read. */
export async function endInStore(context: AuditContext, id: string): Promise<number | undefined> {
  const place = await kept(context);
  if (place?.kind === 'redis') {
    const now = await inRedis(context, id);
    return now?.kind === 'redis' && now.ms > 0 ? Date.now() + context.clock.ahead + now.ms : undefined;
  }
  if (place?.kind !== 'mongo') return undefined;
  const now = await inMongo(context, await context.keyOf(id));
  if (now?.kind !== 'mongo') return undefined;
  const [first] = now.ttl;
  const dates = Object.entries(now.document).filter(
    (entry): entry is [string, Date] => entry[1] instanceof Date,
  );
  const end = dates.find(([name]) => name === first?.field) ?? dates.find(([name]) => /expire/i.test(name));
  return end ? end[1].getTime() + (first?.field === end[0] ? first.after * 1000 : 0) : undefined;
}

/** Whether a store uses the clock of its database: the audit moves only the app's. */
export async function keepsOwnTime(context: AuditContext): Promise<boolean> {
  return context.setup?.store !== 'MemoryStore' && (await kept(context))?.kind !== 'mongo';
}

/** In milliseconds. A smaller change of an end does not count. */
const MOVE = 500;

/** Whether a request moves the end of the record, in a store with its own clock: read from Redis, for others from the store's calls. */
export async function lookMovesRecord(context: AuditContext): Promise<boolean> {
  const visitor = await context.loggedIn();
  const id = context.id(visitor) ?? '';
  const before = await endInStore(context, id);
  if (before !== undefined) await delay(2 * MOVE);
  const { calls } = await context.callsDuring(() => context.asks(visitor));
  const after = await endInStore(context, id);
  if (before !== undefined && after !== undefined) return after > before + MOVE;
  return calls.some(({ operation }) => operation === 'touch' || operation === 'set');
}

/**
 * Does what the TTL index of MongoDB does within a minute: deletes the records that have ended by the app's clock, which is ahead of MongoDB's.
 * @returns whether there is such an index
 */
export async function sweepsByIndex(context: AuditContext): Promise<boolean> {
  const place = await kept(context);
  if (place?.kind !== 'mongo') return false;
  const { field, after } = place.ttl.find((each) => place.document[each.field] instanceof Date) ?? {};
  if (field === undefined || after === undefined) return false;
  const [database = '', ...collection] = place.place.split('.');
  const client = await MongoClient.connect(context.deployment.backends.mongo.uri);
  try {
    const due = new Date(Date.now() + context.clock.ahead - after * 1000);
    await client
      .db(database)
      .collection(collection.join('.'))
      .deleteMany({ [field]: { $lte: due } });
    return true;
  } finally {
    await client.close();
  }
}
