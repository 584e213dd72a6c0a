// brain.js: text alone, so W1 alone, and not the same computation. It takes no weights from outside, its units are
// relu, its optimizer is an RMSProp of its own, each pattern begins from a state of zero and has a start and an end
// added.
import { createRequire } from 'node:module'
import brain from 'brain.js'
import { readProblem } from '../arrays.ts'
import { serve } from '../protocol.ts'

const { version } = createRequire(import.meta.url)('brain.js/package.json')

await serve(() => {
  const { workload: { task, input, hidden, output, steps }, arrays } = readProblem(process.argv[2])
  if (task !== 'characters') throw new Error('text alone: W1')
  const net = new brain.recurrent.RNN({
    inputSize: input,
    inputRange: input,
    outputSize: output,
    hiddenLayers: [hidden],
  })
  net.initialize()
  const text = [...arrays.tokens.data]
  let from = 0
  return {
    note: `brain.js ${version}`,
    unlike: 'takes no weights, relu units, an RMSProp of its own',
    iterate: () => {
      if (from + steps >= text.length) from = 0
      const error = net.trainPattern(text.slice(from, from + steps), true)
      from += steps
      return error
    },
  }
})
