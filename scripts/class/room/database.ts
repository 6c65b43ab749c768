import { ConnectionString } from 'mongodb-connection-string-url';
import type { ShopConfig } from '#shop/config.ts';
import { SessionStore } from '../../../solutions/shop/store.ts';
import { prepare, type Records, recordsIn } from './records.ts';

/** What a class keeps is in a database of its own: it never mixes with that of a shop on the same server. */
const NAME = 'class';

/** The records of classes and the instructor's sessions, on one pool of connections. */
export interface Database {
  readonly store: SessionStore;
  readonly records: Records;
  close(): Promise<void>;
}

/** Connects. @throws when the database does not answer */
export async function openDatabase(config: ShopConfig): Promise<Database> {
  const store = new SessionStore({ ...config, mongodbUri: inClassDatabase(config.mongodbUri) });
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

/** The same server, another database. The user is looked up where they were before, unless DNS says where: a +srv name's entry does. */
export function inClassDatabase(mongodbUri: string): string {
  const uri = new ConnectionString(mongodbUri);
  const named = decodeURIComponent(uri.pathname.slice(1));
  if (uri.username && !uri.isSRV && !uri.searchParams.has('authSource'))
    uri.searchParams.set('authSource', named || 'admin');
  uri.pathname = `/${NAME}`;
  return uri.toString();
}
