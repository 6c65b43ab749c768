import type { Collection, Document } from 'mongodb';
import { type Finding, good, warning } from './finding.ts';

/** In milliseconds. MongoDB deletes expired documents about once a minute; after this time one is overdue. */
const OVERDUE = 5 * 60 * 1000;

/** Whether an index deletes expired sessions, and whether they are deleted. Undefined when there is no such collection. */
export async function examineTtl(sessions: Collection): Promise<Finding[] | undefined> {
  const indexes = await indexesOf(sessions);
  if (indexes === undefined) return undefined;
  const elsewhere = indexes.filter((index) => isTtl(index) && !isOnExpires(index)).map(onOtherField);
  const own = indexes.find((index) => isTtl(index) && isOnExpires(index));
  if (!own) return [noTtl(indexes), ...elsewhere];
  const words = `${own.name}, ${own.expireAfterSeconds} s after expires`;
  const seen =
    own.expireAfterSeconds === 0 ? good('ttl-index', 'TTL index', words) : otherSeconds(own, words);
  return [seen, ...elsewhere, ...(await overdue(sessions, Number(own.expireAfterSeconds)))];
}

/** mongod answers with code 26 when there is no such collection. */
async function indexesOf(sessions: Collection): Promise<Document[] | undefined> {
  try {
    return await sessions.indexes();
  } catch (error) {
    if ((error as { code?: number }).code === 26) return undefined;
    throw error;
  }
}

const isTtl = ({ expireAfterSeconds }: Document) => typeof expireAfterSeconds === 'number';
const fieldsOf = ({ key }: Document) => Object.keys(key as object).join(', ');
const isOnExpires = (index: Document) => fieldsOf(index) === 'expires';

function noTtl(indexes: readonly Document[]): Finding {
  const plain = indexes.find(isOnExpires);
  if (!plain) return warning('ttl-index', 'TTL index', 'there is none on expires');
  const words = 'there is an index on expires, but it deletes nothing';
  const fix = `db.sessions.dropIndex('${plain.name}'), then createIndex with { expireAfterSeconds: 0 }.`;
  return warning('ttl-index', 'TTL index', words, fix);
}

function otherSeconds({ name }: Document, words: string): Finding {
  const fix = `If the store is to wait no longer: db.sessions.dropIndex('${name}'), and it makes its own. If it was made with expiresAfterSeconds, leave that as it is.`;
  return warning(
    'ttl-seconds',
    'TTL index',
    `${words}; a store with another number cannot make its index`,
    fix,
  );
}

const onOtherField = (index: Document) =>
  warning(
    'ttl-field',
    'TTL index',
    `${index.name} deletes ${index.expireAfterSeconds} s after ${fieldsOf(index)}`,
  );

async function overdue(sessions: Collection, seconds: number): Promise<Finding[]> {
  const late = new Date(Date.now() - OVERDUE - seconds * 1000);
  if (!(await sessions.findOne({ expires: { $lt: late } }, { projection: { _id: 1 } }))) return [];
  return [warning('ttl-sweep', 'TTL index', 'a session should have been deleted minutes ago')];
}
