import expressMySqlSession from 'express-mysql-session';

export default async ({ session, url }) => {
  const MySQLStore = expressMySqlSession(session);
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const store = new MySQLStore({ host, port: Number(port), user, password, database: pathname.slice(1) });
  // Waits for the table. Before that, the first save after a start fails: there is no such table.
  await store.onReady().catch(() => {});
  return { store, close: () => store.close() };
};
