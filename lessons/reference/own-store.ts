import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import session, { type SessionData } from 'express-session';
import { type Collection, MongoClient, type MongoServerError } from 'mongodb';

const [LIMIT, HOUR, UPSERT] = [5000, 3_600_000, { upsert: true }];
type Stored = { _id: string; json?: string; gone?: true; expires: Date };
type Callback<T = unknown> = (error?: unknown, value?: T) => void;
type Work<T> = (sessions: Collection<Stored>, _id: string) => Promise<T>;

/** Sessions in MongoDB: JSON, under the hash of the ID. Whoever reads a backup cannot use it. */
export class OwnStore extends session.Store {
  #url: string;
  #client?: MongoClient;
  #opening?: Promise<Collection<Stored>> | undefined;
  #last = new Map<string, Promise<unknown>>();

  constructor(url: string) {
    super();
    this.#url = url;
  }

  async #open() {
    this.#client = await MongoClient.connect(this.#url, { serverSelectionTimeoutMS: LIMIT });
    const sessions = this.#client.db().collection<Stored>('own_sessions');
    await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
    return sessions;
  }

  async #do<T>(id: string, done: Callback<T> | undefined, work: Work<T>) {
    // What failed at the start is tried again: the database may come later than the app.
    this.#opening ??= this.#open();
    this.#opening.catch(() => (this.#opening = undefined));
    // Two saves of a session keep their order.
    const doing = Promise.all([this.#opening, this.#last.get(id)]).then(([all]) => work(all, hash(id)));
    const own = Promise.race([doing, late()]);
    const settled = own.catch(() => {});
    this.#last.set(id, settled);
    await settled;
    if (this.#last.get(id) === settled) this.#last.delete(id);
    own.then((value) => done?.(null, value), done);
  }

  override get = (id: string, done: Callback<SessionData | null>) =>
    this.#do(id, done, async (all, _id) => {
      const found = await all.findOne({ _id, expires: { $gt: new Date() } });
      return found?.json ? JSON.parse(found.json) : null;
    });
  override set = (id: string, data: SessionData, done?: Callback) =>
    this.#do(id, done, (all, _id) => {
      const $set = { json: JSON.stringify(data), expires: endOf(data) };
      return all.updateOne(alive(_id), { $set }, UPSERT).catch(ifGone);
    });
  /** Leaves a mark for an hour: a request that is still under way cannot bring the session back. */
  override destroy = (id: string, done?: Callback) =>
    this.#do(id, done, (all, _id) => all.replaceOne({ _id }, { gone: true, expires: after(HOUR) }, UPSERT));
  /** Moves the end and nothing else: another request may have changed the data. */
  override touch = (id: string, data: SessionData, done?: Callback) =>
    this.#do(id, done, (all, _id) => all.updateOne(alive(_id), { $set: { expires: endOf(data) } }));
  close = () => this.#client?.close();
}

const hash = (id: string) => createHash('sha256').update(id).digest('hex');
/** "Until the browser is closed" is no time: such a session lives a day from its last visit. */
const endOf = ({ cookie }: SessionData) => after(cookie.originalMaxAge ?? 24 * HOUR);
const after = (ms: number) => new Date(Date.now() + ms);
const alive = (_id: string) => ({ _id, gone: { $exists: false } });
/** Inserting beside the mark of destroy() fails by its ID: the session stays gone. */
const ifGone = (error: MongoServerError) => (error.code === 11000 ? null : Promise.reject(error));
/** A server that is silent is an error, too. */
const late = async () => {
  await delay(LIMIT, undefined, { ref: false });
  throw new Error('The session store does not answer');
};

export default ({ url }: { url: string }) => new OwnStore(url);
