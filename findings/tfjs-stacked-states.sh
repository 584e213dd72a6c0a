#!/usr/bin/env bash
# TensorFlow.js 4.22: the states of stacked cells are listed from the last cell to the first, unlike those of Keras.
#
# `tf.layers.rnn({ cell: [a, b] })` takes `initialState` and gives `returnState` as [state of b, state of a], while its
# weights are listed from a to b. Keras 2 and 3 list both from a to b; its old behaviour was an option,
# `reverse_state_order`. Where the cells have as many units, states in the order of Keras run without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @tensorflow/tfjs@4.22.0 > /dev/null
cat > program.cjs <<'PROGRAM'
const tf = require('@tensorflow/tfjs')
const units = 2
const cell = () => tf.layers.simpleRNNCell({ units, recurrentInitializer: 'glorotNormal' })
const [input, one, other] = [[1, units], [units], [units]].map((shape) => tf.input({ shape }))
const layer = tf.layers.rnn({ cell: [cell(), cell()], returnState: true })
const model = tf.model({
  inputs: [input, one, other], outputs: layer.apply(input, { initialState: [one, other] }),
})
const [kernel, recurrent, bias, nextKernel, nextRecurrent, nextBias] = layer.getWeights()
const step = (x, h, w, u, b) => tf.tanh(x.matMul(w).add(h.matMul(u)).add(b))
const x = tf.tensor2d([[1, 2]])
const [a, b] = [tf.tensor2d([[1, -2]]), tf.tensor2d([[0.5, 0.25]])]
const byHand = (first, last) => {
  const h = step(x, first, kernel, recurrent, bias)
  return [h, step(h, last, nextKernel, nextRecurrent, nextBias)]
}
const [, ...given] = model.predict([x.expandDims(1), a, b])
const [first, last] = byHand(b, a)
const distance = (p, q) => p.sub(q).abs().max().dataSync()[0]
const reversed = Math.max(distance(given[0], last), distance(given[1], first))
const inOrder = distance(given[1], byHand(a, b)[1])
console.log(`tfjs ${tf.version.tfjs}, initialState [a, b] of two cells`)
console.log(`a read by the last cell, b by the first: off by ${reversed.toExponential(1)}`)
console.log(`a read by the first cell, b by the last: off by ${inOrder.toExponential(1)}`)
const seen = reversed < 1e-6 && inOrder > 1e-3
console.log(seen ? 'as found: states go from the last cell to the first' : 'this has changed')
process.exit(seen ? 0 : 1)
PROGRAM
node program.cjs 2> /dev/null
