#!/usr/bin/env bash
# TensorFlow.js 4.22: dropout inside a cell that stands in `tf.layers.rnn` draws its mask once, for the whole training.
#
# `tf.layers.lstm({ dropout })`, `gru` and `simpleRNN` draw a new mask for each call. The same cell in
# `tf.layers.rnn({ cell })`, alone or stacked, keeps the mask of its first call with `training`, for `dropout` and for
# `recurrentDropout`: the same units are left out in every batch, and most of what dropout is for is lost, in silence.
# Keras draws a new one in both. What to do: stack layers (`tf.layers.lstm`), not cells.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @tensorflow/tfjs@4.22.0 > /dev/null
cat > program.cjs <<'PROGRAM'
const tf = require('@tensorflow/tfjs')
const calls = 6
const x = tf.ones([1, 3, 16])
/** How many different outputs several calls in training give. */
const outputs = (layer) =>
  new Set(Array.from({ length: calls }, () => layer.apply(x, { training: true }).dataSync().join())).size
const kinds = { lstm: 'lstmCell', gru: 'gruCell', simpleRNN: 'simpleRNNCell' }
let asFound = true
console.log(`tfjs ${tf.version.tfjs}: different outputs of ${calls} calls in training`)
for (const option of ['dropout', 'recurrentDropout'])
  for (const [kind, cellKind] of Object.entries(kinds)) {
    const options = { units: 16, [option]: 0.5 }
    const cell = () => tf.layers[cellKind](options)
    const found = [
      tf.layers[kind](options), tf.layers.rnn({ cell: cell() }), tf.layers.rnn({ cell: [cell(), cell()] }),
    ].map(outputs)
    console.log(`${option} in ${kind}: ${found[0]}, in rnn of one cell: ${found[1]}, of two: ${found[2]}`)
    asFound &&= found[0] > 1 && found[1] === 1 && found[2] === 1
  }
console.log(asFound ? 'as found: cells in tf.layers.rnn keep their first mask' : 'this has changed')
process.exit(asFound ? 0 : 1)
PROGRAM
node program.cjs 2> /dev/null | grep -v '^$' | tail -8
