import { inspect } from 'node:util';
import type { Document, IndexDescriptionInfo, MongoClient } from 'mongodb';
import type { Mongo } from '../../mongo/index.ts';
import { startTap, type Tap } from '../../mongo/tap.ts';

/** A document of `shop.sessions`, as connect-mongodb-session 5 writes it. */
export interface SessionDocument extends Document {
  readonly _id: string;
  readonly session: Document;
  readonly expires: Date;
}

/** How much of a document is shown, in characters. */
const MOST_SHOWN = 240;

/** The Mongo of one check: fresh, empty, and watched. */
export class CheckMongo {
  readonly #engine: Mongo;
  readonly #client: MongoClient;
  readonly #tap: Tap;

  private constructor(engine: Mongo, client: MongoClient, tap: Tap) {
    this.#engine = engine;
    this.#client = client;
    this.#tap = tap;
  }

  /** Puts a fresh tap in front of the engine, which is empty. */
  static async open(engine: Mongo, client: MongoClient): Promise<CheckMongo> {
    return new CheckMongo(engine, client, await startTap(engine.uri));
  }

  /** The connection string that the answer gets: through the tap, database `shop`. */
  get uri(): string {
    return `${this.#tap.uri}shop`;
  }

  get tap(): Tap {
    return this.#tap;
  }

  /** Every document of `shop.sessions`, read past the tap. */
  sessions(): Promise<SessionDocument[]> {
    return this.#sessions().find().toArray();
  }

  /** The document of one session. */
  session(id: string): Promise<SessionDocument | null> {
    return this.#sessions().findOne({ _id: id });
  }

  /** What the database stores for a shopper's session; empty when they have none. */
  async sessionOf(shopper: { sessionId(): string | undefined }): Promise<Document> {
    return (await this.session(shopper.sessionId() ?? ''))?.session ?? {};
  }

  /** Stores a session that the answer's shop did not make. */
  async put(document: SessionDocument): Promise<void> {
    await this.#sessions().insertOne(document);
  }

  /** The indexes of `shop.sessions`. */
  indexes(): Promise<IndexDescriptionInfo[]> {
    return this.#sessions().indexes();
  }

  /** MongoDB's own clean-up, at a time of the check's choosing. @returns how many documents its TTL indexes removed */
  sweep(now: Date): Promise<number> {
    return this.#engine.sweep(now);
  }

  /** 'shop.sessions', 'test.sessions' …: every collection that holds a document. */
  async collections(): Promise<string[]> {
    const names: string[] = [];
    for (const name of await ownDatabases(this.#client)) {
      const collections = await this.#client.db(name).listCollections({}, { nameOnly: true }).toArray();
      names.push(...collections.map((collection) => `${name}.${collection.name}`));
    }
    return names.sort();
  }

  /** Evidence: what the database holds, what it was asked since the step began, and the newest session as it is stored. */
  async describe(): Promise<string> {
    const documents = await this.sessions();
    const holds = documents.length === 0 ? 'is empty' : `holds ${plural(documents.length, 'document')}`;
    const elsewhere = (await this.collections()).filter((name) => name !== 'shop.sessions');
    const also = elsewhere.length ? `; there is also ${elsewhere.join(', ')}` : '';
    const newest = documents.slice(-1).map((document) => `\nthe newest: ${describeDocument(document)}`);
    return `shop.sessions ${holds}${also}; the shop sent ${this.#describeCommands()}${newest}`;
  }

  /** Closes the tap, and with it every connection; then empties the engine. Close the shops first. */
  async close(): Promise<void> {
    await this.#tap.stop();
    const databases = await ownDatabases(this.#client);
    await Promise.all(databases.map((name) => this.#client.db(name).dropDatabase()));
  }

  #sessions() {
    return this.#client.db('shop').collection<SessionDocument>('sessions');
  }

  #describeCommands(): string {
    const counts = new Map<string, number>();
    for (const { name } of this.#tap.commands()) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (counts.size === 0) return this.#tap.connections === 0 ? 'nothing: it never connected' : 'no command';
    return [...counts]
      .sort()
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  }
}

/** The names of the databases that are not the server's own. */
async function ownDatabases(client: MongoClient): Promise<string[]> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  return databases.map(({ name }) => name).filter((name) => !['admin', 'config', 'local'].includes(name));
}

/** A document in as much as a line holds: `{ _id: 'q3Xk…', session: { cart: [ … ] }, expires: … }`, without its cookie's settings. */
function describeDocument({ _id, session, ...others }: SessionDocument): string {
  const { cookie, ...data } = typeof session === 'object' ? session : { all: session };
  const document = { _id: `${String(_id).slice(0, 8)}…`, session: data, ...others };
  const text = inspect(document, {
    breakLength: Number.POSITIVE_INFINITY,
    compact: 9,
    depth: 5,
    maxStringLength: 40,
  });
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
