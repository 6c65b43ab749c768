#!/usr/bin/env bash
# connect-mysql 4.0.0 switches on the event scheduler of the whole MySQL or MariaDB server as soon as it is made, and leaves an event
# there that sweeps its table each 15 minutes: SET GLOBAL event_scheduler = 1. Events of other databases of that server, switched off
# until then, run from that moment on. cleanup: false prevents both. With an account that may not do so it sweeps by a timer.
# Seen on Node 20.20.2, with a pool that only tells what it is asked:
#   by itself: CREATE TABLE, SET GLOBAL event_scheduler = 1, CREATE EVENT
#   with cleanup: false: CREATE TABLE
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --loglevel=error connect-mysql@4.0.0 express-session@1.19.0 >/dev/null
cat >ask.mjs <<'JS'
import connectMySql from 'connect-mysql';
import session from 'express-session';

/** What a new store asks its database, the beginnings of the statements. */
async function asked(options) {
  const statements = [];
  const connection = {
    query: (sql, done) => {
      statements.push(/^(?:SET .*|CREATE \w+)/.exec(sql)?.[0] ?? sql);
      done(null);
    },
    on: () => {},
    removeListener: () => {},
    release: () => {},
  };
  const pool = { getConnection: (done) => done(null, connection) };
  new (connectMySql(session))({ pool, config: {}, keepalive: false, ...options });
  await new Promise((resolve) => setImmediate(resolve));
  return statements.join(', ');
}

const byItself = await asked({});
const without = await asked({ cleanup: false });
console.log(`by itself: ${byItself}\nwith cleanup: false: ${without}`);
const all = 'CREATE TABLE, SET GLOBAL event_scheduler = 1, CREATE EVENT';
process.exit(byItself === all && without === 'CREATE TABLE' ? 0 : 1);
JS
node ask.mjs
