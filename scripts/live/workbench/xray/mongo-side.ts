import { EJSON } from 'bson';
import type { MongoClient } from 'mongodb';
import type { TappedCommand } from '../../../mongo/recording.ts';
import type { SeenCommand, StoredSession } from './exchange.ts';
import { parsed } from './parsed.ts';

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'createIndexes', 'drop']);
/** How much of a command is shown, in characters. */
const SHOWN = 600;
/** Reading a document for the X-ray may take this long, in milliseconds. It never holds up the shop for longer. */
const READ_WITHIN = 1500;

/** The session IDs that a command asks for or writes. */
export function idsIn({ body }: TappedCommand): string[] {
  const filters = [
    body.filter,
    body.query,
    ...list(body.updates).map(({ q }) => q),
    ...list(body.deletes).map(({ q }) => q),
    ...list(body.documents),
  ];
  // connect-mongodb-session asks with {_id: 'x'}, and for its own find with the same in an $or.
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
    detail: EJSON.stringify(asked, { relaxed: true }).slice(0, SHOWN),
    writes: WRITES.has(name),
    ms: reply?.ms,
    result: reply ? result : 'no answer',
  };
}

const matched = (name: string, count: number | undefined) =>
  count === undefined
    ? 'done'
    : `${name === 'delete' ? 'deleted' : name === 'insert' ? 'inserted' : 'matched'} ${count}`;

/** Reads sessions beside the shop: on a connection of its own, which passes no fault. */
export class MongoSide {
  readonly #client: MongoClient;
  readonly #db: string;
  #collection = 'sessions';

  constructor(client: MongoClient, db: string) {
    this.#client = client;
    this.#db = db;
  }

  /** From now on sessions are looked for where the shop keeps them. */
  learn({ db, collection, name }: TappedCommand): void {
    if (db === this.#db && collection && (name === 'update' || name === 'find'))
      this.#collection = collection;
  }

  /** @returns undefined when there is none, or it cannot be read in time */
  async read(id: string): Promise<StoredSession | undefined> {
    const sessions = this.#client
      .db(this.#db)
      .collection<{ _id: string; expires?: unknown }>(this.#collection);
    const found = await sessions.findOne({ _id: id }, { maxTimeMS: READ_WITHIN }).catch(() => undefined);
    if (!found) return undefined;
    const document = JSON.parse(JSON.stringify(found));
    // connect-mongo keeps the session as text.
    if (typeof document.session === 'string') document.session = parsed(document.session);
    const ends = found.expires instanceof Date ? found.expires.getTime() : undefined;
    return { id, where: `MongoDB, ${this.#db}.${this.#collection}`, document, ends };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);
