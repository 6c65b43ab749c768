import connectMySql from 'connect-mysql';

export default ({ session, url }) => {
  const MySQLStore = connectMySql(session);
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  return new MySQLStore({
    config: { host, port: Number(port), user, password, database: pathname.slice(1) },
  });
};
