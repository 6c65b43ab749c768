import connectMongoDBSession from 'connect-mongodb-session';
import type { Request } from 'express';
import session, { type SessionData } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

type Done = (error?: unknown) => void;

/** How far the end of a session that is used may lag behind in the store: a look then mostly costs no write. */
const TOUCH_LAG_MS = 60_000;
/** How long one wait for the database may take, in milliseconds: for a server, a connection, an answer. */
const DATABASE_TIMEOUT_MS = 2000;
/** A session is a cart and some notes. One that is larger than this, in bytes of JSON, is not stored. */
const SESSION_BUDGET = 4096;

/** The store could not do it. Its own message is left out: it quotes the session's ID, and all that is in it. */
export class StoreFailed extends Error {
  readonly status = 503;
  constructor() {
    super('The session store failed.');
    this.name = 'StoreFailed';
  }
}

/** The session that a request had loaded is not in the store any more: it was signed out, or came to its end. */
export class SessionEnded extends Error {
  readonly status = 401;
  constructor() {
    super('The session ended while it was in use.');
    this.name = 'SessionEnded';
  }
}

/** The session would be larger than a session may be. */
export class SessionTooLarge extends Error {
  readonly status = 413;
  constructor() {
    super('The session would be larger than it may be.');
    this.name = 'SessionTooLarge';
  }
}

const MongoDBStore = connectMongoDBSession(session);

/** connect-mongodb-session, and what a shop needs beyond it. */
export class SessionStore extends MongoDBStore {
  /** The end that a session had in the store when this process last saw it there. A session not in here is new. */
  readonly #storedEnds = new WeakMap<object, number>();

  constructor({ mongodbUri, databaseTimeoutMs = DATABASE_TIMEOUT_MS }: ShopConfig) {
    const connectionOptions = {
      serverSelectionTimeoutMS: databaseTimeoutMs,
      connectTimeoutMS: databaseTimeoutMs,
      socketTimeoutMS: databaseTimeoutMs,
      waitQueueTimeoutMS: databaseTimeoutMs,
    };
    // Without a callback, a database that is away at the start ends the process. database.ts tries again.
    super({ uri: mongodbUri, collection: 'sessions', connectionOptions }, () => {});
    // Whoever asked the store is told by their own callback. Without a listener it would throw as well.
    this.on('error', () => {});
  }

  get sessions() {
    return this.client.db().collection<{ _id: string; expires: Date; session: SessionData }>('sessions');
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    super.get(id, (error, found) => callback(hidden(error), found));
  }

  override destroy(id: string, callback: Done = () => {}): void {
    super.destroy(id, (error) => callback(hidden(error)));
  }

  override createSession(req: Request, data: SessionData) {
    const loaded = super.createSession(req, data);
    this.#storedEnds.set(loaded, Number(loaded.cookie.expires));
    return loaded;
  }

  /** A new session is put there. One that was loaded must still be there: who was signed out stays out. */
  override set(id: string, data: SessionData, callback: Done = () => {}): void {
    if (Buffer.byteLength(JSON.stringify(data)) > SESSION_BUDGET) {
      callback(new SessionTooLarge());
      return;
    }
    if (this.#storedEnds.has(data)) {
      this.#update(id, data, callback);
      return;
    }
    super.set(id, data, (error) => {
      if (!error) this.#storedEnds.set(data, Number(data.cookie.expires));
      callback(hidden(error));
    });
  }

  /** Moves the end of a session that was used and not changed. What another request stored meanwhile stays. */
  override touch(id: string, data: SessionData, callback: Done = () => {}): void {
    const { expires, originalMaxAge } = data.cookie;
    if (!expires || Math.abs(Number(expires) - (this.#storedEnds.get(data) ?? 0)) < TOUCH_LAG_MS) {
      callback();
      return;
    }
    const end = {
      expires,
      'session.cookie.expires': expires,
      'session.cookie.originalMaxAge': originalMaxAge,
    };
    // The page is right even when this fails, and the next one tries again.
    this.sessions.updateOne({ _id: id }, { $set: end }).then(
      () => callback(),
      () => callback(),
    );
  }

  #update(id: string, { cookie, ...data }: SessionData, callback: Done): void {
    const expires = cookie.expires ?? new Date();
    const plain = { ...data, cookie: (cookie as unknown as { toJSON(): SessionData['cookie'] }).toJSON() };
    this.sessions.updateOne({ _id: id }, { $set: { session: plain, expires } }).then(
      ({ matchedCount }) => callback(matchedCount ? undefined : new SessionEnded()),
      () => callback(new StoreFailed()),
    );
  }
}

function hidden(error: unknown): StoreFailed | undefined {
  return error ? new StoreFailed() : undefined;
}
