#!/usr/bin/env bash
# brain.js 2.0.0-beta.24: the LSTM keeps no cell state; its forget gate keeps a part of the last output.
#
# An LSTM carries c and h: c = f · c + i · g, h = o · tanh(c). In brain.js, `LSTM` and `LSTMTimeStep` carry h alone:
# h = o · tanh(f · h + i · g). So what they remember goes through the output gate and tanh at every step, and is gone
# sooner, and their weights give other outputs in any other library, in silence. What to do: export to a library in
# which that recurrence can be written, or train there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error brain.js@2.0.0-beta.24 > /dev/null
cat > program.cjs <<'PROGRAM'
const { recurrent: { LSTMTimeStep } } = require('brain.js')
const [steps, large] = [30, 8]
const net = new LSTMTimeStep({ inputSize: 1, hiddenLayers: [1], outputSize: 1 })
net.initialize()
// One unit that writes where x is 1, keeps what it has, and shows it: gates of sigmoid(8), and of sigmoid(-8) to write.
const weights = {
  inputMatrix: 2 * large, inputBias: -large, forgetBias: large, outputBias: large, cellActivationBias: large,
}
const layer = net.model.hiddenLayers[0]
for (const [name, matrix] of Object.entries(layer)) matrix.weights[0] = weights[name] ?? 0
net.model.outputConnector.weights[0] = 1
net.model.output.weights[0] = 0

const sigmoid = (x) => 1 / (1 + Math.exp(-x))
/** Outputs of the same unit, as LSTMs are defined or with h in place of c. */
const byHand = (hasCell) => {
  let [h, c] = [0, 0]
  return Array.from({ length: steps }, (_, t) => {
    const [i, f, o, g] = [sigmoid(t === 0 ? large : -large), sigmoid(large), sigmoid(large), Math.tanh(large)]
    c = f * (hasCell ? c : h) + i * g
    return (h = o * Math.tanh(c))
  })
}
const outputs = Array.from({ length: steps }, (_, t) => {
  while (net.model.equations.length <= t) net.bindEquation()
  return net.model.equations[t].runInput(Float32Array.of(t === 0 ? 1 : 0)).weights[0]
})
const difference = (values) => Math.max(...values.map((value, t) => Math.abs(value - outputs[t])))
const [lstm, without] = [byHand(true), byHand(false)]
const show = (values) => [1, 2, 10, steps].map((t) => `step ${t}: ${values[t - 1].toFixed(4)}`).join(', ')
console.log(`brain.js 2.0.0-beta.24, LSTMTimeStep ${show(outputs)}`)
console.log(`an LSTM                              ${show(lstm)}`)
console.log(`h in place of c                      ${show(without)}`)
const seen = difference(without) < 1e-5 && difference(lstm) > 0.1
console.log(seen ? 'as found: no cell state' : 'this has changed')
process.exitCode = seen ? 0 : 1
PROGRAM
node program.cjs
