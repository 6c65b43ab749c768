import connectMongoDBSession from 'connect-mongodb-session';
import session, { type SessionData } from 'express-session';

type Done = (error?: unknown) => void;

/** The store could not reach MongoDB. The store's own message is dropped, because it contains the session ID. */
export class StoreFailed extends Error {
  readonly status = 503;
}

const MongoDBStore = connectMongoDBSession(session);

/** The instructor's sessions in MongoDB. The parent class has no touch, so a session that is only used would expire. */
export class SessionStore extends MongoDBStore {
  /** @param timeoutMs how long one wait for the database may take */
  constructor(uri: string, timeoutMs: number) {
    const connectionOptions = {
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs,
      socketTimeoutMS: timeoutMs,
      waitQueueTimeoutMS: timeoutMs,
    };
    // Without the callback a database that is away ends the process. Without the listener an error is thrown as well.
    super({ uri, collection: 'sessions', connectionOptions }, () => {});
    this.on('error', () => {});
  }

  get sessions() {
    return this.client.db().collection<{ _id: string }>('sessions');
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    super.get(id, (error, found) => callback(hidden(error), found));
  }

  override set(id: string, data: SessionData, callback: Done = () => {}): void {
    super.set(id, data, (error) => callback(hidden(error)));
  }

  override destroy(id: string, callback: Done = () => {}): void {
    super.destroy(id, (error) => callback(hidden(error)));
  }

  override touch(id: string, { cookie }: SessionData, callback: Done = () => {}): void {
    const end = { expires: cookie.expires, 'session.cookie.expires': cookie.expires };
    // A failed touch changes nothing on the page, and the next request tries again.
    this.sessions.updateOne({ _id: id }, { $set: end }).then(
      () => callback(),
      () => callback(),
    );
  }
}

function hidden(error: unknown): StoreFailed | undefined {
  return error ? new StoreFailed() : undefined;
}
