#!/usr/bin/env bash
# jsfive 0.4.2: values of an HDF5 dataset that were never written are holes of an array, not the fill value.
#
# HDF5 allocates a dataset, or a chunk of one, when it is first written; readers give the fill value for the rest
# (0 where none was set). h5py does so. jsfive knows the fill value (`dataset.fillvalue`), but `dataset.value` has
# holes there, which become NaN in a typed array. Inside a chunk that was written in part, the fill value is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error jsfive@0.4.2 > /dev/null
python=${PYTHON:-/usr/bin/python3} # with h5py, as of Debian's python3-h5py
"$python" - <<'PROGRAM'
import h5py
with h5py.File('model.h5', 'w') as file:
    file.create_dataset('never', shape=(2,), dtype='f4', fillvalue=7.0)
    file.create_dataset('part', shape=(4,), chunks=(2,), dtype='f4', fillvalue=7.0)[:1] = 1.0
with h5py.File('model.h5') as file:
    print('h5py', h5py.__version__, {name: file[name][()].tolist() for name in file})
PROGRAM
cat > program.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { File } from 'jsfive'
const { buffer, byteOffset, length } = readFileSync('model.h5')
const file = new File(buffer.slice(byteOffset, byteOffset + length), 'model.h5')
const read = (name) => Array.from(file.get(name).value, (one) => one ?? 'hole')
const [never, part] = ['never', 'part'].map(read)
console.log('jsfive 0.4.2', JSON.stringify({ never, part }), 'fill value', file.get('never').fillvalue)
const seen = JSON.stringify([never, part]) === '[["hole","hole"],[1,7,"hole","hole"]]'
console.log(seen ? 'as found: holes where nothing was written' : 'this has changed')
process.exit(seen ? 0 : 1)
PROGRAM
node program.mjs
