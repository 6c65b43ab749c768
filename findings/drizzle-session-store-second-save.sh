#!/usr/bin/env bash
# drizzle-session-store 1.2.4: set() only inserts. Where the table says that an ID is unique, the second save of a session fails, so what a shopper
# does after the login is lost, and express-session has answered 200 by then. Where it does not, as in the examples of the package, a session gets
# a row for each save, and get() gives the first of them: nothing that was saved later is ever seen.
# Seen on Node 20.20.2 with sql.js 1.13.0, drizzle-orm 0.44.7:
#   unique: second save fails, then n = 1
#   not unique: second save works, 2 rows, then n = 1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error drizzle-session-store@1.2.4 drizzle-orm@0.44.7 sql.js@1.13.0 express-session@1.19.0 >/dev/null
cat >ask.mjs <<'JS'
import { drizzle } from 'drizzle-orm/sql-js';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import drizzleSessionStore from 'drizzle-session-store';
import initSqlJs from 'sql.js';

const { Database } = await initSqlJs();
const lines = [];
for (const isUnique of [true, false]) {
  const file = new Database();
  file.run(`CREATE TABLE sessions (sid TEXT ${isUnique ? 'PRIMARY KEY' : ''}, session TEXT, expires INTEGER)`);
  const table = sqliteTable('sessions', {
    sid: text('sid'),
    session: text('session', { mode: 'json' }),
    expires: integer('expires', { mode: 'timestamp' }),
  });
  const store = new drizzleSessionStore.DrizzleSessionStore(drizzle(file), table);
  const call = (method, ...args) =>
    new Promise((resolve) => store[method](...args, (error, value) => resolve(error ? 'fails' : (value ?? 'works'))));
  const save = (n) => call('set', 'a', { cookie: { maxAge: 600_000 }, n });
  await save(1);
  const second = await save(2);
  const rows = file.exec('SELECT count(*) FROM sessions')[0].values[0][0];
  const { n } = await call('get', 'a');
  lines.push(isUnique ? `unique: second save ${second}, then n = ${n}` : `not unique: second save ${second}, ${rows} rows, then n = ${n}`);
}
console.log(lines.join('\n'));
const seen = 'unique: second save fails, then n = 1\nnot unique: second save works, 2 rows, then n = 1';
process.exit(lines.join('\n') === seen ? 0 : 1);
JS
node ask.mjs
