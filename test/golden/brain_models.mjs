// Recurrent networks of brain.js: their JSON, an input, and the scores that it computes step by step. Run it after
// `npm run bench:peers`:
//
//     npx tsx --conditions=@recurra/source test/golden/brain_models.mjs

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Random } from 'recurra'

const brain = createRequire(new URL('../bench/peers/package.json', import.meta.url))('brain.js')
const random = new Random(43)
const options = { inputSize: 4, inputRange: 5, outputSize: 5, hiddenLayers: [3, 2] }

const cases = []
for (const [kind, Net] of Object.entries({ ...brain.recurrent })) {
  const overTime = kind.endsWith('TimeStep')
  const net = new Net(overTime ? { ...options, inputSize: 2, outputSize: 2 } : options)
  net.initialize()
  for (const matrix of net.model.allMatrices)
    for (let i = 0; i < matrix.weights.length; i++) matrix.weights[i] = random.uniform(-1, 1)
  const values = () => [random.uniform(-1, 1), random.uniform(-1, 1)]
  const x = Array.from({ length: 6 }, () => (overTime ? values() : random.integer(6)))
  const y = x.flatMap((step, i) => {
    while (net.model.equations.length <= i) net.bindEquation()
    const equation = net.model.equations[i]
    return [...(overTime ? equation.runInput(Float32Array.from(step)) : equation.runIndex(step)).weights]
  })
  cases.push({ kind, json: net.toJSON(), x: x.flat(), y })
  console.log(kind, y.length)
}
writeFileSync(new URL('brain-models.json', import.meta.url), `${JSON.stringify(cases)}\n`)
