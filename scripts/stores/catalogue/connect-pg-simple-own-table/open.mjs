import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import connectPgSimple from 'connect-pg-simple';
import pg from 'pg';

const HOME = dirname(createRequire(import.meta.url).resolve('connect-pg-simple'));

export default async ({ session, url }) => {
  // The table is made beforehand, by the statements that come with the store. An app does so once, in a migration.
  const client = new pg.Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(await readFile(join(HOME, 'table.sql'), 'utf8'));
  } catch {
    // It was there already, or the database is away: then the table is made when it is back.
    again(url);
  } finally {
    await client.end().catch(() => {});
  }
  const PgStore = connectPgSimple(session);
  return new PgStore({ conString: url });
};

/** Makes the table as soon as the database answers. */
async function again(url) {
  const client = new pg.Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(await readFile(join(HOME, 'table.sql'), 'utf8'));
  } catch (error) {
    // 42P07: there is such a table.
    if (error.code !== '42P07') setTimeout(again, 200, url);
  } finally {
    await client.end().catch(() => {});
  }
}
