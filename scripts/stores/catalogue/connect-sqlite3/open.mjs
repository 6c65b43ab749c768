import connectSqlite3 from 'connect-sqlite3';

export default ({ session, folder }) => {
  const SQLiteStore = connectSqlite3(session);
  const store = new SQLiteStore({ dir: folder, db: 'sessions.db' });
  return { store, close: () => new Promise((resolve) => store.db.close(resolve)) };
};
