#!/usr/bin/env bash
# level-session-store 2.2.0, opened by the name of a folder: length() counts saves, not sessions, since each set() adds one; and clear() removes nothing and
# never calls back. A gauge of visitors grows with every click, and a page that logs everybody out hangs.
# Seen on Node 20.20.2 with level 6.0.1:
#   one session, saved three times: length() 3
#   clear(): no callback within 3 s, and the session is still there
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --loglevel=error level-session-store@2.2.0 level@6.0.1 express-session@1.19.0 >/dev/null 2>&1
cat >ask.mjs <<'JS'
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import session from 'express-session';
import levelSessionStore from 'level-session-store';

const store = new (levelSessionStore(session))('sessions');
await once(store, 'connect');
const call = (method, ...args) => promisify(store[method].bind(store))(...args);
// The event comes while it still writes its counter.
for (let tries = 0; tries < 50 && (await call('length').catch(() => undefined)) === undefined; tries++) await delay(100);
for (const n of [1, 2, 3]) await call('set', 'ann', { n, cookie: {} });
const length = await call('length');
console.log(`one session, saved three times: length() ${length}`);
const cleared = await Promise.race([call('clear').then(() => 'called back'), delay(3000, 'no callback within 3 s')]);
const left = await call('get', 'ann');
console.log(`clear(): ${cleared}, and the session is ${left ? 'still there' : 'gone'}`);
process.exit(length === 3 && cleared !== 'called back' && left ? 0 : 1);
JS
node ask.mjs
