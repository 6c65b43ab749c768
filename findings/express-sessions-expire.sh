#!/usr/bin/env bash
# express-sessions 1.0.6: its option `expire`, in seconds as its README shows it, becomes a TTL index of a thousand times as long: 1000 days where
# a day was asked for, which is the default, too. Redis gets the same option as it is. get() looks at no time, so a session in MongoDB can be
# used for years, whatever the maxAge of its cookie.
# Seen on Node 20.20.2 with mongoose 4.13.21, with no database:
#   expire: 3600 makes expireAfterSeconds: 3600000
#   by default: 86400000, 1000 days
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --loglevel=error express-sessions@1.0.6 mongoose@4.13.21 >/dev/null 2>&1
cat >ask.cjs <<'JS'
const mongoose = require('mongoose');
const SessionStore = require('express-sessions');

function secondsOf(options) {
  new SessionStore({ storage: 'mongodb', instance: mongoose, ...options });
  const indexes = mongoose.model(options.collection).schema.indexes();
  return indexes.map(([, { expireAfterSeconds }]) => expireAfterSeconds).find(Boolean);
}
const hour = secondsOf({ collection: 'hour', expire: 3600 });
const asItComes = secondsOf({ collection: 'default' });
console.log(`expire: 3600 makes expireAfterSeconds: ${hour}`);
console.log(`by default: ${asItComes}, ${asItComes / 86_400} days`);
process.exitCode = hour === 3_600_000 && asItComes === 86_400_000 ? 0 : 1;
JS
node --no-deprecation ask.cjs
