import connectMongoDBSession from 'connect-mongodb-session';
import type { Request } from 'express';
import session, { type SessionData } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

type Done = (error?: unknown) => void;

/** How far the stored end of a used session may lag behind, in milliseconds: so most reads cost no write. */
const TOUCH_LAG_MS = 60_000;
/** The limit of one wait for the database, in milliseconds: for a server, a connection or an answer. */
const DATABASE_TIMEOUT_MS = 2000;
/** The largest session that is stored, in bytes of JSON. A session is a cart and some notes. */
const SESSION_BUDGET = 4096;

/** An error of the store. The original message is dropped: it quotes the session with its ID. */
export class StoreFailed extends Error {
  readonly status = 503;
  constructor() {
    super('The session store failed.');
    this.name = 'StoreFailed';
  }
}

/** A loaded session is no longer in the store: it was logged out, or it expired. */
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

/** connect-mongodb-session, with what a shop needs beyond it. */
export class SessionStore extends MongoDBStore {
  /** The end of each session when this process last saw it in the store. A session without an entry is new. */
  readonly #storedEnds = new WeakMap<object, number>();

  constructor({ mongodbUri, databaseTimeoutMs = DATABASE_TIMEOUT_MS }: ShopConfig) {
    const connectionOptions = {
      serverSelectionTimeoutMS: databaseTimeoutMs,
      connectTimeoutMS: databaseTimeoutMs,
      socketTimeoutMS: databaseTimeoutMs,
      waitQueueTimeoutMS: databaseTimeoutMs,
    };
    // Without a callback, an outage at the start ends the process. database.ts tries again.
    super({ uri: mongodbUri, collection: 'sessions', connectionOptions }, () => {});
    // Callers get errors through their own callbacks. Without a listener the store would throw as well.
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

  /** Inserts a new session. A loaded one must still exist, so that a logged-out session does not come back. */
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

  /** Moves the end of a session that was only used. It keeps what other requests have stored meanwhile. */
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
    // A failed touch changes nothing on the page, and the next request tries again.
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
