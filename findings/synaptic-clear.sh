#!/usr/bin/env bash
# synaptic 1.1.4: `network.clear()` keeps the states of an LSTM, so the next sequence continues the last one.
#
# Its comment says that the neurons forget their context. It clears the traces that learning needs, but not `state`,
# `old` and `activation`, which the next step reads; `setOptimize(false)` changes nothing. `toJSON` saves them, too: a
# network that is loaded does not start from 0 either. So outputs depend on the sequence before, by a little in each
# step, and no test of one sequence shows it. What to do: `restart` below, after each sequence and before `toJSON`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error synaptic@1.1.4 > /dev/null
cat > program.cjs <<'PROGRAM'
const { Architect, Network } = require('synaptic')
const json = new Architect.LSTM(1, 2, 1).toJSON()
json.connections.forEach((connection, i) => { connection.weight = Math.sin(i + 1) })
json.neurons.forEach((neuron, i) => { neuron.bias = Math.cos(i + 1) })

const outputs = (network) => [1, 0, 1].map((x) => network.activate([x])[0].toFixed(6)).join(' ')
const restart = (network) => {
  network.clear()
  for (const { neuron } of network.neurons()) neuron.state = neuron.old = neuron.activation = 0
}
const fresh = outputs(Network.fromJSON(json))
const seen = [true, false].map((optimized) => {
  const network = Network.fromJSON(json)
  network.setOptimize(optimized)
  const first = outputs(network)
  network.clear()
  const saved = outputs(Network.fromJSON(network.toJSON()))
  const second = outputs(network)
  restart(network)
  const third = outputs(network)
  console.log(`synaptic 1.1.4, optimized: ${optimized}`)
  console.log({ first, 'after clear': second, 'after clear, toJSON and fromJSON': saved, 'after restart': third })
  return first === fresh && second !== first && saved !== first && third === first
})
console.log(seen.every(Boolean) ? 'as found: clear keeps the states' : 'this has changed')
process.exitCode = seen.every(Boolean) ? 0 : 1
PROGRAM
node program.cjs
