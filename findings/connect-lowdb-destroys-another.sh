#!/usr/bin/env bash
# connect-lowdb 2.1.0: destroy() of a session that is not there destroys the session that was saved last, whosever it is. It takes -1, the place of
# what was not found, for a place from the end. A stranger who opens /logout, or a second click on "log out", logs somebody else out:
# express-session makes a new session for the request, which is not stored, and destroys that.
# Seen on Node 20.20.2 with lowdb 7.0.1:
#   sessions before: ann, ben
#   sessions after a stranger's logout: ann
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error connect-lowdb@2.1.0 lowdb@7.0.1 express-session@1.19.0 express@5 >/dev/null
cat >ask.mjs <<'JS'
import { once } from 'node:events';
import connectLowdb from 'connect-lowdb';
import express from 'express';
import session from 'express-session';
import { JSONFilePreset } from 'lowdb/node';

const db = await JSONFilePreset('sessions.json', { sessions: [] });
const app = express();
app.use(
  session({ store: new (connectLowdb(session))({ db }), secret: 's', resave: false, saveUninitialized: false }),
);
app.get('/login/:name', (req, res) => {
  req.session.user = req.params.name;
  req.session.save(() => res.send('welcome'));
});
app.get('/logout', (req, res) => req.session.destroy(() => res.send('bye')));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const open = (path) => fetch(`http://127.0.0.1:${server.address().port}${path}`);
const users = () => db.data.sessions.map(({ session }) => session.user).join(', ');

await open('/login/ann');
await open('/login/ben');
const before = users();
await open('/logout');
const after = users();
console.log(`sessions before: ${before}\nsessions after a stranger's logout: ${after}`);
server.close();
process.exit(before === 'ann, ben' && after === 'ann' ? 0 : 1);
JS
node ask.mjs
