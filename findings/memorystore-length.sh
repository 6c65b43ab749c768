#!/usr/bin/env bash
# memorystore 1.6.8 (with express-session 1.19.0): length() counts sessions that have ended, until something asks for them. get() and
# all() do not give them any more, and after get() length() no longer counts them. A gauge of "who is here" that only calls
# length() shows everybody of the last day (checkPeriod).
# Seen on Node 20.20.2:
#   length() after the end: 1
#   all() gives: 0
#   length() after a get(): 0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error memorystore@1.6.8 express-session@1.19.0 >/dev/null
cat >ask.mjs <<'JS'
import session from 'express-session';
import memorystore from 'memorystore';

const store = new (memorystore(session))({ checkPeriod: 86_400_000 });
const call = (method, ...args) =>
  new Promise((resolve, reject) => store[method](...args, (error, value) => (error ? reject(error) : resolve(value))));
await call('set', 'a', { cookie: { maxAge: 200, originalMaxAge: 200 }, n: 1 });
const until = Date.now() + 400;
while (Date.now() < until) await new Promise((resolve) => setImmediate(resolve));
const length = await call('length');
const all = Object.keys(await call('all')).length;
await call('get', 'a');
const after = await call('length');
console.log(`length() after the end: ${length}\nall() gives: ${all}\nlength() after a get(): ${after}`);
process.exit(length === 1 && all === 0 && after === 0 ? 0 : 1);
JS
node ask.mjs
