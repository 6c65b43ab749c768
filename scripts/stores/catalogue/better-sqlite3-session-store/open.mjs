import { join } from 'node:path';
import Database from 'better-sqlite3';
import betterSqlite3SessionStore from 'better-sqlite3-session-store';

export default ({ session, folder }) => {
  const SqliteStore = betterSqlite3SessionStore(session);
  const client = new Database(join(folder, 'sessions.db'));
  return {
    store: new SqliteStore({ client, expired: { clear: true, intervalMs: 900_000 } }),
    close: () => client.close(),
  };
};
