import connectPgSimple from 'connect-pg-simple';

export default ({ session, url }) => {
  const PgStore = connectPgSimple(session);
  return new PgStore({ conString: url });
};
