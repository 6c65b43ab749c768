#!/usr/bin/env bash
# medea-session-store 2.2.0 on medea 1.0.3: a session with one letter that is not ASCII is saved without an error, and cannot be read any more. It is written
# in a batch that counts characters where bytes are meant, so the end of the JSON is cut off: one character for each further byte. The
# page after the save is an error, and so is each one after it with that cookie, until the cookie is deleted.
# Seen on Node 20.20.2:
#   saved: {"name":"Zoe"}, read: {"name":"Zoe"}
#   saved: {"name":"Zoë"}, read: SyntaxError
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --loglevel=error medea-session-store@2.2.0 medea@1.0.3 express-session@1.19.0 >/dev/null 2>&1
cat >ask.mjs <<'JS'
import { once } from 'node:events';
import { promisify } from 'node:util';
import session from 'express-session';
import medeaSessionStore from 'medea-session-store';

const store = new (medeaSessionStore(session))('sessions');
await once(store, 'connect');
const [get, set] = [promisify(store.get.bind(store)), promisify(store.set.bind(store))];
const seen = [];
for (const [id, name] of [['a', 'Zoe'], ['b', 'Zoë']]) {
  await set(id, { name });
  const read = await get(id).then(JSON.stringify, (error) => error.name);
  console.log(`saved: ${JSON.stringify({ name })}, read: ${read}`);
  seen.push(read);
}
process.exit(seen.join() === '{"name":"Zoe"},SyntaxError' ? 0 : 1);
JS
node ask.mjs
