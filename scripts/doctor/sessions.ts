import { BSON, type Collection, type Document, type MongoClient } from 'mongodb';
import { type Finding, fault, good, note, warning } from './finding.ts';

/** How many sessions are looked at. */
const SAMPLE = 100;
/** Bytes. A session of IDs and flags has less than one kilobyte; this one costs on every request. */
const LARGE = 16 * 1024;
/** MongoDB deletes what is due about once a minute; after so many milliseconds it is overdue. */
const OVERDUE = 5 * 60 * 1000;

/** Looks at the collection `sessions` of the client's database, and changes nothing. */
export async function examineSessions(client: MongoClient): Promise<Finding[]> {
  try {
    return await look(client.db().collection('sessions'));
  } catch (error) {
    if ((error as { code?: number }).code !== 13) throw error;
    return [fault('permission', 'sessions', `this user may not read ${client.db().databaseName}.sessions`)];
  }
}

async function look(sessions: Collection): Promise<Finding[]> {
  const [indexes, sample, count] = await Promise.all([
    indexesOf(sessions),
    sessions.find().limit(SAMPLE).toArray(),
    sessions.estimatedDocumentCount(),
  ]);
  if (indexes === undefined) {
    return [note('sessions', 'sessions', 'no collection yet: the store makes it when it first connects')];
  }
  const ttl = ttlIndex(indexes);
  const found = [...(ttl ? [] : [noTtl(indexes)]), ...(await overdue(sessions, ttl)), ...troubles(sample)];
  return [...(ttl ? [good('ttl-index', 'TTL index', ttl)] : []), ...found, summary(count, sample)];
}

/** undefined when there is no such collection (mongod, code 26). */
async function indexesOf(sessions: Collection): Promise<Document[] | undefined> {
  try {
    return await sessions.indexes();
  } catch (error) {
    if ((error as { code?: number }).code === 26) return undefined;
    throw error;
  }
}

const onExpires = ({ key }: Document) => Object.keys(key as object).join() === 'expires';

/** The TTL index on `expires` in words; undefined when there is none. */
function ttlIndex(indexes: readonly Document[]): string | undefined {
  const index = indexes.find((each) => onExpires(each) && typeof each.expireAfterSeconds === 'number');
  return index && `${index.name}, ${index.expireAfterSeconds} s after expires`;
}

function noTtl(indexes: readonly Document[]): Finding {
  if (!indexes.some(onExpires)) return warning('ttl-index', 'TTL index', 'there is none on expires');
  const words = 'there is an index on expires, but it deletes nothing';
  const fix = "db.sessions.dropIndex('expires_1'), then createIndex with { expireAfterSeconds: 0 }.";
  return warning('ttl-index', 'TTL index', words, fix);
}

async function overdue(sessions: Collection, ttl: string | undefined): Promise<Finding[]> {
  if (!ttl) return [];
  const late = await sessions.findOne({ expires: { $lt: new Date(Date.now() - OVERDUE) } });
  if (!late) return [];
  return [warning('ttl-sweep', 'TTL index', `${shortened(late)} should have been deleted minutes ago`)];
}

function troubles(sample: readonly Document[]): Finding[] {
  const dateless = sample.find(({ expires }) => !(expires instanceof Date));
  const telling = sample.map((document) => [document, secretIn(sessionOf(document))] as const);
  const [teller, secret] = telling.find(([, path]) => path !== undefined) ?? [];
  const largest = largestOf(sample);
  return [
    ...(dateless
      ? [warning('session-expires', 'sessions', `${shortened(dateless)} has no Date in expires`)]
      : []),
    ...(largest && largest.bytes > LARGE
      ? [
          warning(
            'session-size',
            'sessions',
            `${shortened(largest.document)} has ${kilobytes(largest.bytes)}`,
          ),
        ]
      : []),
    ...(teller ? [warning('session-secrets', 'sessions', `${shortened(teller)} holds ${secret}`)] : []),
  ];
}

function summary(count: number, sample: readonly Document[]): Finding {
  const largest = largestOf(sample);
  if (!largest) return good('sessions', 'sessions', 'none at the moment');
  const seen = sample.length < count ? ` of ${sample.length} looked at` : '';
  return good('sessions', 'sessions', `${count}; the largest${seen} has ${kilobytes(largest.bytes)}`);
}

function largestOf(sample: readonly Document[]) {
  const sized = sample.map((document) => ({ document, bytes: BSON.calculateObjectSize(document) }));
  return sized.sort((a, b) => b.bytes - a.bytes)[0];
}

/** connect-mongodb-session keeps an object, connect-mongo JSON unless told otherwise. */
function sessionOf({ session }: Document): unknown {
  try {
    return typeof session === 'string' ? JSON.parse(session) : session;
  } catch {
    return undefined;
  }
}

const SECRET = /^(?:pass(?:word|wd|wort)?|pwd|(?:password_?)?hash|password_?digest)$/i;
const USER = /^(?:user|currentUser|account|profile)$/i;

/** The path of a password, or of a whole user, in a session: its names only, never a value. */
function secretIn(value: unknown, path = 'session'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const here = `${path}.${name}`;
    if (SECRET.test(name)) return here;
    if (USER.test(name) && isWhole(inner)) return `a whole user (${here})`;
    const deeper = secretIn(inner, here);
    if (deeper) return deeper;
  }
  return undefined;
}

/** An ID, or an object around one, is what belongs there. */
const isWhole = (user: unknown) =>
  typeof user === 'object' && user !== null && !('_bsontype' in user) && Object.keys(user).length > 2;

/** A session ID opens the session to whoever has it, so only its beginning is shown. */
const shortened = ({ _id }: Document) => `${String(_id).slice(0, 6)}…`;
const kilobytes = (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} kB`);
