import expressMySqlSession from 'express-mysql-session';

export default ({ session, url }) => {
  const MySQLStore = expressMySqlSession(session);
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const store = new MySQLStore({ host, port: Number(port), user, password, database: pathname.slice(1) });
  // A promise that nobody listens to ends the process when it is rejected.
  store.onReady().catch(() => {});
  return { store, close: () => store.close() };
};
