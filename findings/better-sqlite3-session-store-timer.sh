#!/usr/bin/env bash
# better-sqlite3-session-store 0.1.0: expired: { clear: false } has no effect, because of `false || true`. The timer that sweeps runs in
# any case, keeps the process alive, and no method stops it: a script or a graceful shutdown that closes the database does not end.
# Seen on Node 20.20.2, with a database that does nothing:
#   expired.clear of a store with clear: false: true
#   timers that keep the process alive: 1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --loglevel=error better-sqlite3-session-store@0.1.0 express-session@1.19.0 >/dev/null
cat >ask.mjs <<'JS'
import betterSqlite3SessionStore from 'better-sqlite3-session-store';
import session from 'express-session';

const client = { exec() {}, prepare: () => ({ run() {}, get() {} }) };
const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const store = new (betterSqlite3SessionStore(session))({ client, expired: { clear: false } });
const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length - before;
console.log(`expired.clear of a store with clear: false: ${store.expired.clear}\ntimers that keep the process alive: ${timers}`);
process.exit(store.expired.clear === true && timers === 1 ? 0 : 1);
JS
node ask.mjs
