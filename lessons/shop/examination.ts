import { randomUUID } from 'node:crypto';
import connectMongoDBSession from 'connect-mongodb-session';
import session from 'express-session';
import type { Collection, MongoClientOptions } from 'mongodb';

const MongoDBStore = connectMongoDBSession(session);
/** The types omit the driver's collection of a store. */
type Store = InstanceType<typeof MongoDBStore> & { readonly collection: Collection };

/** The store's options after a treatment. */
export interface Treatment {
  readonly uri: string;
  readonly databaseName?: string;
  readonly connectionOptions?: MongoClientOptions;
}

/** The result of trying a store. */
export interface Examination {
  /** `stores`: it stored a session. `fails`: a call failed. `waits`: it would look for its database longer than a shopper waits. */
  readonly state: 'stores' | 'fails' | 'waits';
  /** The errors, oldest first: at which call, and in their own words. */
  readonly said: readonly { readonly call: string; readonly words: string }[];
  /** Where the sessions go: 'shop.sessions'. Undefined when no store could be made. */
  readonly namespace?: string;
  /** The connection string that the store was given, without its password. Undefined when there was none. */
  readonly uri?: string;
  /** How long the driver looks for a server before it gives up, in milliseconds. */
  readonly wait?: number;
}

/** The longest time that a store here may look for a database, in milliseconds. */
export const LONGEST_WAIT = 5000;

/** Creates a store as a shop would, saves a session, reads it back and destroys it. */
export async function examine(treatment: Treatment): Promise<Examination> {
  let connected: (error?: unknown) => void = () => {};
  const firstConnection = new Promise<unknown>((resolve) => {
    connected = resolve;
  });
  let store: Store;
  try {
    store = new MongoDBStore({ collection: 'sessions', ...treatment }, connected) as Store;
  } catch (error) {
    // The driver throws at once when it cannot parse the string.
    return { state: 'fails', said: [{ call: 'new MongoDBStore', words: inWords(error) }] };
  }

  const wait = store.client.options.serverSelectionTimeoutMS || Number.POSITIVE_INFINITY;
  const about = { namespace: store.collection.namespace, wait };
  try {
    // The driver knows this long before it reports it.
    const unreachable = new Promise<Error>((resolve) => {
      store.client.once('serverHeartbeatFailed', ({ failure }) => resolve(failure));
    });
    const inTime = firstConnection.then(() => undefined);
    const tooLate = await (wait > LONGEST_WAIT ? Promise.race([inTime, unreachable]) : inTime);
    if (tooLate) return { ...about, state: 'waits', said: [{ call: 'driver', words: inWords(tooLate) }] };

    const said = [{ call: 'connect', error: await firstConnection }, ...(await tryOut(store))]
      .filter(({ error }) => error)
      .map(({ call, error }) => ({ call, words: inWords(error) }));
    return { ...about, state: said.length === 0 ? 'stores' : 'fails', said };
  } finally {
    await store.client.close();
  }
}

/** The three calls of express-session, up to the first that fails. */
async function tryOut(store: Store): Promise<{ call: string; error: unknown }[]> {
  const id = randomUUID();
  const note = 'made in the clinic';
  const cookie = { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) };
  const set = await new Promise((resolve) => store.set(id, { cookie, note }, resolve));
  if (set) return [{ call: 'set', error: set }];
  const get = await new Promise((resolve) =>
    store.get(id, (error, found) =>
      resolve(error ?? (found?.note === note ? undefined : new Error('the session was not found'))),
    ),
  );
  if (get) return [{ call: 'get', error: get }];
  return [{ call: 'destroy', error: await new Promise((resolve) => store.destroy(id, resolve)) }];
}

/** An error's words without the session that the store quotes in them, which must not be on a page. */
function inWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words
    .replace(/^(Error setting )\S+ to \{[\s\S]*\}: /, '$1… to { … }: ')
    .replace(/^(Error (?:finding|destroying) )\S+: /, '$1…: ');
}
