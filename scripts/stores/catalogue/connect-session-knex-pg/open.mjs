import { ConnectSessionKnexStore } from 'connect-session-knex';
import createKnex from 'knex';

export default ({ url }) => {
  const knex = createKnex({ client: 'pg', connection: url });
  return { store: new ConnectSessionKnexStore({ knex }), close: () => knex.destroy() };
};
