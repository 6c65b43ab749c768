#!/usr/bin/env bash
# mongodb-connection-string-url 3.0.2 takes a host whose port is not a number: hosts is ["127.0.0.1:abc"], nothing is thrown.
# mongodb 6.22.0 refuses the same string when the client is made: "Unable to parse 127.0.0.1:abc with URL". So a string that
# the parser has passed can still end the start of an app, with an error that does not say where the string came from.
# Output seen: parser: 127.0.0.1:abc / driver: Unable to parse 127.0.0.1:abc with URL
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mongodb@6.22.0 mongodb-connection-string-url@3.0.2
cat > seen.mjs <<'JS'
import { MongoClient } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';

const text = 'mongodb://127.0.0.1:abc/shop';
const { hosts } = new ConnectionString(text);
console.log(`parser: ${hosts}`);
let said = 'nothing';
try {
  new MongoClient(text);
} catch (error) {
  said = error.message;
}
console.log(`driver: ${said}`);
process.exit(hosts[0] === '127.0.0.1:abc' && said.includes('Unable to parse 127.0.0.1:abc') ? 0 : 1);
JS
node seen.mjs
