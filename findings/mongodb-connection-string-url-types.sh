#!/usr/bin/env bash
# mongodb-connection-string-url 3.0.2, which driver 6 installs: its "exports" lead an ES module to a file that has no types beside it, so TypeScript
# ends with TS7016 under "nodenext" and "bundler", in a strict project. A CommonJS module gets the types. 7.0.2 gives them to both.
# Seen on Node 20.20.2 with TypeScript 5.9.3:
#   3.0.2, ES module, nodenext: TS7016
#   3.0.2, ES module, bundler: TS7016
#   3.0.2, CommonJS, nodenext: no error
#   7.0.2, ES module, nodenext: no error
#   7.0.2, ES module, bundler: no error
#   7.0.2, CommonJS, nodenext: no error
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund typescript@5.9.3 || exit 2
use="import { ConnectionString } from 'mongodb-connection-string-url';
export const hosts: string[] = new ConnectionString('mongodb://127.0.0.1/shop').hosts;"
echo "$use" >module.mts
echo "$use" >common.cts
compile() { # compile FLAGS...: the code of its error, if there is one
  npx --no-install tsc --noEmit --strict "$@" | grep -o 'TS[0-9]*' | head -1 | grep . || echo 'no error'
}
seen=$(for version in 3.0.2 7.0.2; do
  npm install --silent --no-audit --no-fund "mongodb-connection-string-url@$version" || exit 2
  echo "$version, ES module, nodenext: $(compile --module nodenext module.mts)"
  echo "$version, ES module, bundler: $(compile --module esnext --moduleResolution bundler module.mts)"
  echo "$version, CommonJS, nodenext: $(compile --module nodenext common.cts)"
done)
echo "$seen"
[ "$seen" = '3.0.2, ES module, nodenext: TS7016
3.0.2, ES module, bundler: TS7016
3.0.2, CommonJS, nodenext: no error
7.0.2, ES module, nodenext: no error
7.0.2, ES module, bundler: no error
7.0.2, CommonJS, nodenext: no error' ]
