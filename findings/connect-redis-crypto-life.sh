#!/usr/bin/env bash
# connect-redis-crypto 4.0.5 with its option `secret`: every session lives a day in Redis, whatever the maxAge of its cookie. set() counts
# the life from the session's cookie after it has replaced the session by the encrypted one, which has none. Without `secret` the life
# is the cookie's. A login of ten minutes can be used for a day; one of a month ends after a day, at the latest a day after the last save.
# Seen on Node 20.20.2 with kruptein 2.2.3, with a client that only tells what it is asked:
#   maxAge 10 min, no secret: EX 600
#   maxAge 10 min, secret: EX 86400
#   maxAge 30 days, secret: EX 86400
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error connect-redis-crypto@4.0.5 express-session@1.19.0 >/dev/null
cat >ask.mjs <<'JS'
import connectRedisCrypto from 'connect-redis-crypto';
import session from 'express-session';

const RedisStore = connectRedisCrypto(session);

/** The seconds that Redis is told. */
const life = (maxAge, options) =>
  new Promise((resolve, reject) => {
    const client = { set: (args) => resolve(args[args.indexOf('EX') + 1]) };
    const cookie = new session.Cookie({ maxAge });
    new RedisStore({ client, ...options }).set('id', { cookie, user: 'ann' }, reject);
  });

const MINUTE = 60_000;
const plain = await life(10 * MINUTE, {});
const brief = await life(10 * MINUTE, { secret: 'of the store' });
const month = await life(30 * 24 * 60 * MINUTE, { secret: 'of the store' });
console.log(`maxAge 10 min, no secret: EX ${plain}\nmaxAge 10 min, secret: EX ${brief}\nmaxAge 30 days, secret: EX ${month}`);
process.exit(plain === 600 && brief === 86_400 && month === 86_400 ? 0 : 1);
JS
node ask.mjs
