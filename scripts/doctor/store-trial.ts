import { randomUUID } from 'node:crypto';
import type { Collection, MongoClient } from 'mongodb';
import { type Greeting, takesRetries } from './deployment.ts';
import { type Finding, good, type Layer, note, warning } from './finding.ts';
import { type Circumstances, refused } from './refusal.ts';

/** A document in the store's form. Its _id is new, so it is no session of a visitor. */
interface Trial {
  readonly _id: string;
  readonly session: object;
  readonly expires: Date;
}

/** What the trial may do. */
export interface Permission {
  /** Forbids writing: the default for a database that is not on this machine. */
  readonly lookOnly: boolean;
  /** Called with a sentence before anything is written. */
  readonly announce: (words: string) => void;
}

/**
 * Does what the store does, in `sessions` or, without that collection, in one of its own: an upsert, a find, the TTL index, a delete. The
 * string's write concern, read preference and options apply. With `lookOnly` it only deletes by a new `_id`: that is a retryable
 * write, matches nothing, and makes no collection. `next` is set when the database can be written.
 */
export async function examineWrites(
  circumstances: Circumstances,
  greeting: Greeting,
  { lookOnly, announce }: Permission,
): Promise<Layer<true>> {
  const { client } = circumstances;
  const id = `doctor-${randomUUID()}`;
  try {
    await remove(client.db().collection<Trial>('sessions'), id, client);
  } catch (error) {
    return { findings: [refused(error, 'writes', circumstances)] };
  }
  if (lookOnly) return { findings: [retries(client, greeting), NOT_TRIED], next: true };
  const findings = await store(circumstances, id, announce);
  // A store whose index conflicts still stores sessions, so they are examined.
  const failed = findings.some(({ verdict, id }) => verdict === 'fault' && id !== 'index-conflict');
  return failed ? { findings } : { findings: [retries(client, greeting), ...findings], next: true };
}

const NOT_TRIED = note(
  'store-trial',
  'store',
  'only looked at, because this server is not on this machine: whether a session can be stored and the index be made is not known. --write tries it, with one document that it removes',
);

/** No server answers an unacknowledged write (w=0), so the doctor asks for an answer. */
const acknowledged = ({ options }: MongoClient) =>
  options.writeConcern?.w === 0 ? { writeConcern: { w: 1 } } : {};

async function remove(sessions: Collection<Trial>, id: string, client: MongoClient): Promise<void> {
  await sessions.deleteOne({ _id: id }, acknowledged(client));
}

async function store(
  circumstances: Circumstances,
  id: string,
  announce: (words: string) => void,
): Promise<Finding[]> {
  const { client } = circumstances;
  const db = client.db();
  let indexes: Awaited<ReturnType<typeof indexesOf>>;
  try {
    indexes = await indexesOf(db.collection('sessions'));
  } catch (error) {
    return [refused(error, 'sessions', circumstances)];
  }
  // Without the collection `sessions`, another one is made and dropped: a drop of `sessions` could delete sessions stored meanwhile.
  const name = indexes ? 'sessions' : id;
  const place = indexes ? `${db.databaseName}.sessions` : `the collection ${id} of ${db.databaseName}`;
  announce(`Storing one document, ${id}, in ${place}, as the store does, and removing it.`);
  const sessions = db.collection<Trial>(name);
  let doing = 'writes';
  try {
    const document = { _id: id, session: { cookie: {} }, expires: new Date(Date.now() + 60_000) };
    await sessions.updateOne({ _id: id }, { $set: document }, { upsert: true, ...acknowledged(client) });
    doing = 'reads';
    const found = await sessions.findOne({ _id: id });
    doing = 'TTL index';
    // A new index on a collection of sessions would delete expired ones. The store may do that, the doctor not.
    if (!indexes || indexes.some(isInTheWay)) {
      await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
    }
    return [found ? STORED : NOT_FOUND];
  } catch (error) {
    return [refused(error, doing, circumstances)];
  } finally {
    await (indexes ? remove(sessions, id, client) : db.dropCollection(id)).catch(() => {});
  }
}

const STORED = good('store-trial', 'store', 'a session is stored, found and removed as the store does it');
const NOT_FOUND = warning('read-preference', 'reads', 'a session that was just stored is not found');

type Index = Awaited<ReturnType<Collection['indexes']>>[number];

/** Undefined when there is no such collection (mongod, code 26). */
async function indexesOf(sessions: Collection): Promise<Index[] | undefined> {
  try {
    const indexes = await sessions.indexes();
    return indexes.length > 0 ? indexes : undefined;
  } catch (error) {
    if ((error as { code?: number }).code === 26) return undefined;
    throw error;
  }
}

/** Whether asking for the store's index changes nothing, or gives the conflict that the store meets. */
const isInTheWay = ({ name, key, partialFilterExpression, collation, sparse }: Index) =>
  name === 'expires_1' ||
  (JSON.stringify(key) === '{"expires":1}' && !partialFilterExpression && !collation && !sparse);

function retries({ options }: MongoClient, greeting: Greeting): Finding {
  if (!takesRetries(greeting)) {
    return good('retryable-writes', 'writes', 'taken; a standalone server is not asked for retryable ones');
  }
  if (options.retryWrites) return good('retryable-writes', 'writes', 'a retryable write is taken');
  const words = 'taken, not retried (retryWrites=false): a dropped connection fails them';
  return note('retryable-writes', 'writes', words);
}
