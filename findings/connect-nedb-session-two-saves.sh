#!/usr/bin/env bash
# connect-nedb-session 0.0.3: of two saves of a session at once the first wins, now and after every restart. set() removes the record and
# then inserts one: two at once remove first, and then insert two records with the same ID. get() gives the older one.
# Two requests of a page that save at the same time are enough; the next save alone mends it.
# Seen on Node 20.20.2:
#   get() after two saves: 1
#   records of that session: 2
#   get() after one more save: 3
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error connect-nedb-session@0.0.3 express-session@1.19.0 >/dev/null 2>&1
cat >ask.mjs <<'JS'
import { readFileSync } from 'node:fs';
import connectNedbSession from 'connect-nedb-session';
import session from 'express-session';

const store = new (connectNedbSession(session))({ filename: 'sessions.db' });
const call = (method, ...args) =>
  new Promise((resolve, reject) => store[method](...args, (error, value) => (error ? reject(error) : resolve(value))));
const save = (n) => call('set', 'id', { cookie: new session.Cookie({ maxAge: 600_000 }), n });

await Promise.all([save(1), save(2)]);
const { n } = await call('get', 'id');
const lines = readFileSync('sessions.db', 'utf8').split('\n').filter((line) => line.includes('"sid":"id"'));
await save(3);
const { n: later } = await call('get', 'id');
console.log(`get() after two saves: ${n}\nrecords of that session: ${lines.length}\nget() after one more save: ${later}`);
process.exit(n === 1 && lines.length === 2 && later === 3 ? 0 : 1);
JS
node ask.mjs
