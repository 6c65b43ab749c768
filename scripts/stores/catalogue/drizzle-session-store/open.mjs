import { drizzle } from 'drizzle-orm/node-postgres';
import { json, pgTable, timestamp, varchar } from 'drizzle-orm/pg-core';
import drizzleSessionStore from 'drizzle-session-store';
import pg from 'pg';

const sessions = pgTable('sessions', {
  sid: varchar('sid').primaryKey(),
  session: json('session'),
  expires: timestamp('expires'),
});

export default async ({ url }) => {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => {});
  // Makes the table as a migration does. Trying again is the app's part.
  const migrate = () =>
    pool
      .query('CREATE TABLE IF NOT EXISTS sessions (sid varchar PRIMARY KEY, session json, expires timestamp)')
      .catch(() => new Promise((resolve) => setTimeout(resolve, 500)).then(migrate));
  await migrate();
  const { DrizzleSessionStore } = drizzleSessionStore;
  return { store: new DrizzleSessionStore(drizzle({ client: pool }), sessions), close: () => pool.end() };
};
