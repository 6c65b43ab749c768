#!/usr/bin/env bash
# connect-typeorm 2.0.0: destroy() calls back before the session is gone, and without an error when it cannot be removed. It does not wait
# for the promise of softDelete(). So the page after a logout may still know the shopper; and while the database is away a logout says
# that it worked, and the rejection that nobody handles ends the process.
# Seen on Node 20.20.2 with typeorm 0.3.31, with a repository that takes 200 ms, and one that fails:
#   destroy() called back: no error, before the session was removed
#   destroy() of one that cannot be removed called back: no error; unhandled rejection: the database is away
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error connect-typeorm@2.0.0 typeorm@0.3.31 express-session@1.19.0 >/dev/null
cat >ask.mjs <<'JS'
import { setTimeout as delay } from 'node:timers/promises';
import { TypeormStore } from 'connect-typeorm';

const destroy = (softDelete) =>
  new Promise((resolve) => new TypeormStore().connect({ softDelete }).destroy('id', resolve));

let removed = false;
const slow = await destroy(() => delay(200).then(() => (removed = true)));
const early = !removed;
console.log(`destroy() called back: ${slow ?? 'no error'}, ${early ? 'before' : 'after'} the session was removed`);

let unhandled = 'none';
process.on('unhandledRejection', (error) => (unhandled = error.message));
const failed = await destroy(() => Promise.reject(new Error('the database is away')));
await delay(50);
console.log(
  `destroy() of one that cannot be removed called back: ${failed ?? 'no error'}; unhandled rejection: ${unhandled}`,
);
process.exit(slow === undefined && early && failed === undefined && unhandled === 'the database is away' ? 0 : 1);
JS
node ask.mjs
