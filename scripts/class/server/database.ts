import { ConnectionString } from 'mongodb-connection-string-url';
import { prepare, type Records, recordsIn } from './records.ts';
import { SessionStore } from './session-store.ts';

/** A class uses its own database, apart from a shop's on the same server. */
const NAME = 'class';

/** The records of classes and the instructor's sessions, on one pool of connections. */
export interface Database {
  readonly store: SessionStore;
  readonly records: Records;
  close(): Promise<void>;
}

/** How long one wait for the database may take, in milliseconds. */
const DATABASE_TIMEOUT_MS = 2000;

/** Connects. @throws when the database does not answer */
export async function openDatabase(mongodbUri: string, timeoutMs = DATABASE_TIMEOUT_MS): Promise<Database> {
  const store = new SessionStore(inClassDatabase(mongodbUri), timeoutMs);
  const records = recordsIn(store.client.db());
  try {
    await store.client.connect();
    await store.sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
    await prepare(records);
  } catch (error) {
    await store.client.close();
    throw error;
  }
  return { store, records, close: () => store.client.close() };
}

/** The same server with another database. The user still belongs to the first database, unless a +srv name's DNS entry says otherwise. */
export function inClassDatabase(mongodbUri: string): string {
  const uri = new ConnectionString(mongodbUri);
  const named = decodeURIComponent(uri.pathname.slice(1));
  if (uri.username && !uri.isSRV && !uri.searchParams.has('authSource'))
    uri.searchParams.set('authSource', named || 'admin');
  uri.pathname = `/${NAME}`;
  return uri.toString();
}
