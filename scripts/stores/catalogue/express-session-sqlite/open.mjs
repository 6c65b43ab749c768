import { join } from 'node:path';
import expressSessionSqlite from 'express-session-sqlite';
import sqlite3 from 'sqlite3';

export default ({ session, folder }) => {
  const SqliteStore = expressSessionSqlite.default(session);
  return new SqliteStore({
    driver: sqlite3.Database,
    path: join(folder, 'sessions.db'),
    ttl: 86_400_000,
    cleanupInterval: 300_000,
  });
};
