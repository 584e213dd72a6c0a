#!/usr/bin/env bash
# Node 20: after fs.fstatSync of a pipe or a socket, require no longer follows symbolic links.
#
# fs.realpathSync remembers folders that are no links. At such a folder it looks whether the path is a pipe, in the memory
# of the last stat: that of fstatSync. It then returns the path as it is. So a package that pnpm has linked is loaded from
# the link, and does not find its own dependencies. fstatSync with { bigint: true } writes to other memory.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/real"
ln -s real "$folder/link"
touch "$folder/first.cjs" "$folder/real/second.cjs"
cat > "$folder/program.cjs" <<'PROGRAM'
const fs = require('node:fs')
const folder = fs.realpathSync(__dirname)
require(`${folder}/first.cjs`) // the folder is known now
fs.fstatSync(0, { bigint: process.argv[2] === 'bigint' })
console.log(require.resolve(`${folder}/link/second.cjs`).slice(folder.length))
PROGRAM
plain=$(true | node "$folder/program.cjs" plain)
bigint=$(true | node "$folder/program.cjs" bigint)
echo "Node $(node --version): require.resolve gives $plain after fstatSync, $bigint after fstatSync with bigint"
test "$bigint" = /real/second.cjs
test "$plain" = /link/second.cjs || { echo 'it follows the link now'; exit 1; }
