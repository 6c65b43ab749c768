import type { Collection, Document } from 'mongodb';
import { BSON } from 'mongodb';
import { type Finding, good, note, warning } from './finding.ts';
import { type Circumstances, refused } from './refusal.ts';
import { secretIn } from './session-secrets.ts';
import { examineTtl } from './ttl-index.ts';

/** How many sessions are examined. Reading also stops after so many bytes. */
const SAMPLE = 100;
const SAMPLE_BYTES = 16 * 1024 * 1024;
/** In bytes. A session of IDs and flags is below one kilobyte; a large one costs time on every request. */
const LARGE = 16 * 1024;

/** Examines the collection `sessions` of the client's database, and changes nothing. */
export async function examineSessions(circumstances: Circumstances): Promise<Finding[]> {
  try {
    return await look(circumstances.client.db().collection('sessions'));
  } catch (error) {
    return [refused(error, 'sessions', circumstances)];
  }
}

async function look(sessions: Collection): Promise<Finding[]> {
  const [ttl, sample, count] = await Promise.all([
    examineTtl(sessions),
    sampleOf(sessions),
    sessions.estimatedDocumentCount(),
  ]);
  if (ttl === undefined) {
    return [note('sessions', 'sessions', 'no collection yet: the store makes it when it first connects')];
  }
  return [...ttl, ...troubles(sample), summary(count, sample)];
}

/** The first documents, in small batches: each may have 16 MB. */
async function sampleOf(sessions: Collection): Promise<Document[]> {
  const sample: Document[] = [];
  let bytes = 0;
  for await (const document of sessions.find().limit(SAMPLE).batchSize(10)) {
    sample.push(document);
    bytes += BSON.calculateObjectSize(document);
    if (bytes > SAMPLE_BYTES) break;
  }
  return sample;
}

function troubles(sample: readonly Document[]): Finding[] {
  const among = (found: readonly Document[]) => `${found.length} of ${sample.length} looked at`;
  const strangers = sample.filter((document) => typeof document._id !== 'string' || !('session' in document));
  const own = sample.filter((document) => !strangers.includes(document));
  const text = own.filter(({ session }) => typeof session === 'string');
  const bare = own.filter(
    ({ session }) => typeof session !== 'string' && !(session as Document | null)?.cookie,
  );
  const dateless = own.filter(({ expires }) => !(expires instanceof Date));
  const large = largestOf(own);
  const [secret] = own.flatMap((document) => secretIn(sessionOf(document)) ?? []);
  return [
    ...(strangers.length
      ? [warning('no-documents-of-store', 'sessions', `${among(strangers)} are no sessions`)]
      : []),
    ...(text.length
      ? [
          warning(
            'stores-mixed',
            'sessions',
            `${among(text)} are JSON text, as connect-mongo writes it: ${UNREAD}`,
          ),
        ]
      : []),
    ...(bare.length
      ? [warning('stores-mixed', 'sessions', `${among(bare)} have no cookie in them: ${UNREAD}`)]
      : []),
    ...(dateless.length
      ? [warning('session-expires', 'sessions', `${among(dateless)} have no Date in expires`)]
      : []),
    ...(large && large.bytes > LARGE
      ? [warning('session-size', 'sessions', `one has ${kilobytes(large.bytes)}`)]
      : []),
    ...(secret ? [warning('session-secrets', 'sessions', `one holds ${secret}`)] : []),
  ];
}

/** What connect-mongodb-session does with a session without `cookie` (express-session, store.createSession). */
const UNREAD = 'with connect-mongodb-session their visitors get an error 500 until they end';

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

/** connect-mongodb-session stores an object; connect-mongo stores JSON by default. */
function sessionOf({ session }: Document): unknown {
  try {
    return typeof session === 'string' ? JSON.parse(session) : session;
  } catch {
    return undefined;
  }
}

const kilobytes = (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} kB`);
