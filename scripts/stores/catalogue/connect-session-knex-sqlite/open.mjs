import { join } from 'node:path';
import { ConnectSessionKnexStore } from 'connect-session-knex';
import createKnex from 'knex';

export default ({ folder }) => {
  const knex = createKnex({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'sessions.db') },
    useNullAsDefault: true,
  });
  return { store: new ConnectSessionKnexStore({ knex }), close: () => knex.destroy() };
};
