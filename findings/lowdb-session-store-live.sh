#!/usr/bin/env bash
# lowdb-session-store 1.1.1 (lowdb 1.0.0): set() keeps the session object itself, though get() gives copies. What a request changes after
# req.session.save() is given to every other request at once, without another save, and goes to the file with whatever is
# saved next. A request that fails after its save has changed the session all the same.
# Seen on Node 20.20.2:
#   cart in the store after set() and a change that was not saved: ["mug","changed later"]
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error lowdb-session-store@1.1.1 lowdb@1.0.0 express-session@1.19.0 >/dev/null
cat >ask.mjs <<'JS'
import session from 'express-session';
import low from 'lowdb';
import FileSync from 'lowdb/adapters/FileSync.js';
import lowdbSessionStore from 'lowdb-session-store';

const db = low(new FileSync('sessions.json', { defaultValue: [] }));
const store = new (lowdbSessionStore(session))(db, { disablePurge: true });
const call = (method, ...args) =>
  new Promise((resolve, reject) => store[method](...args, (error, value) => (error ? reject(error) : resolve(value))));
const mine = { cookie: {}, cart: ['mug'] };
await call('set', 'a', mine);
mine.cart.push('changed later');
const { cart } = await call('get', 'a');
console.log(`cart in the store after set() and a change that was not saved: ${JSON.stringify(cart)}`);
process.exit(cart.length === 2 ? 0 : 1);
JS
node ask.mjs
