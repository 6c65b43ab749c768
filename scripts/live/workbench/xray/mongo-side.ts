import { EJSON } from 'bson';
import type { MongoClient } from 'mongodb';
import type { TappedCommand } from '../../../mongo/recording.ts';
import type { SeenCommand, StoredSession } from './exchange.ts';
import { parsed } from './parsed.ts';

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'createIndexes', 'drop']);
/** How much of a command is shown, in characters. */
const MAX_CHARACTERS = 600;
/** How many collections are searched for a session: those that the shop used last. */
const MOST_COLLECTIONS = 5;

/** The session IDs that a command asks for or writes. */
export function idsIn({ body }: TappedCommand): string[] {
  const filters = [
    body.filter,
    body.query,
    ...list(body.updates).map(({ q }) => q),
    ...list(body.deletes).map(({ q }) => q),
    ...list(body.documents),
  ];
  // connect-mongodb-session asks with {_id: 'x'}, and its find helper with the same in an $or.
  return filters
    .flatMap((filter) => [...JSON.stringify(filter ?? {}).matchAll(/"_id":"([^"]+)"/g)])
    .map(([, id = '']) => id);
}

/** A command in the words of the X-ray. */
export function seenCommand({ name, db, collection, body, reply }: TappedCommand): Omit<SeenCommand, 'late'> {
  const { $db, lsid, txnNumber, $clusterTime, ...asked } = body;
  const result =
    reply?.error ?? (reply?.found !== undefined ? `found ${reply.found}` : matched(name, reply?.matched));
  return {
    name: `${name} ${db}${collection ? `.${collection}` : ''}`,
    detail: EJSON.stringify(asked, { relaxed: true }).slice(0, MAX_CHARACTERS),
    writes: WRITES.has(name),
    ms: reply?.ms,
    result: reply ? result : 'no answer',
  };
}

const matched = (name: string, count: number | undefined) =>
  count === undefined
    ? 'done'
    : `${name === 'delete' ? 'deleted' : name === 'insert' ? 'inserted' : 'matched'} ${count}`;

/** Reads sessions on a connection of its own, without the proxy's faults. */
export class MongoSide {
  readonly #client: MongoClient;
  readonly #db: string;
  /** The collections that may hold sessions, the last used one first. */
  #collections = ['sessions'];

  constructor(client: MongoClient, db: string) {
    this.#client = client;
    this.#db = db;
  }

  /** Adds the collection of a command to those that are searched. */
  learn({ db, collection, name }: TappedCommand): void {
    if (db !== this.#db || !collection || (name !== 'update' && name !== 'find')) return;
    if (!this.#collections.includes(collection)) this.#prefer(collection);
  }

  /** @returns undefined when there is none. A session's ID is unique across collections. */
  async read(id: string): Promise<StoredSession | undefined> {
    for (const collection of this.#collections) {
      const found = await this.#find(collection, id);
      if (!found) continue;
      this.#prefer(collection);
      const document = JSON.parse(JSON.stringify(found));
      // connect-mongo keeps the session as text.
      if (typeof document.session === 'string') document.session = parsed(document.session);
      const ends = found.expires instanceof Date ? found.expires.getTime() : undefined;
      return { id, where: `MongoDB, ${this.#db}.${collection}`, document, ends };
    }
    return undefined;
  }

  #find(collection: string, id: string) {
    const sessions = this.#client.db(this.#db).collection<{ _id: string; expires?: unknown }>(collection);
    return sessions.findOne({ _id: id });
  }

  #prefer(collection: string): void {
    const others = this.#collections.filter((each) => each !== collection);
    this.#collections = [collection, ...others].slice(0, MOST_COLLECTIONS);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);
