#!/usr/bin/env bash
# TypeScript 7.0.2: `tsc app.ts` in a folder that has a tsconfig.json compiles nothing and ends with 1:
#   error TS5112: tsconfig.json is present but will not be loaded if files are specified on commandline. Use '--ignoreConfig' to skip this error.
# TypeScript 5.9.3 compiles the file with default options, ignores the tsconfig.json and ends with 0.
# So a script or an instruction "npx tsc app.ts" works until TypeScript is updated. `tsc --noEmit` without a file works on both.
# Seen on Node 20.20.2:
#   5.9.3 named: exit 0, written app.js
#   7.0.2 named: exit 1, TS5112
#   7.0.2 named, --ignoreConfig: exit 0, written app.js
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
seen() { # seen VERSION FLAGS...: compiles app.ts with that TypeScript
  local version=$1
  shift
  mkdir -p "ts-$version" && cd "ts-$version" || exit 2
  [ -d node_modules ] || { npm init -y >/dev/null && npm install --silent --no-audit --no-fund "typescript@$version"; } || exit 2
  echo '{ "compilerOptions": { "strict": true } }' >tsconfig.json
  echo 'export const port: number = 3000;' >app.ts
  rm -f app.js
  local said code
  said=$(npx --no-install tsc "$@" app.ts)
  code=$?
  echo "exit $code$(echo "$said" | grep -o 'TS5112' | sed 's/^/, /')$([ -f app.js ] && echo ', written app.js')"
  cd ..
}
old=$(seen 5.9.3)
new=$(seen 7.0.2)
skipped=$(seen 7.0.2 --ignoreConfig)
echo "5.9.3 named: $old"
echo "7.0.2 named: $new"
echo "7.0.2 named, --ignoreConfig: $skipped"
[ "$old" = 'exit 0, written app.js' ] && [ "$new" = 'exit 1, TS5112' ] && [ "$skipped" = 'exit 0, written app.js' ]
