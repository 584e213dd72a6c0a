// Whole models as tfjs-layers computes them, which has the weights and the gate order of Keras: their weights under the
// names of our layout, an input, and the output. Run it after `npm run bench:peers`:
//
//     npx tsx --conditions=@recurra/source test/golden/tfjs_layers.mjs

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Random, writeSafetensors } from 'recurra'

const tf = createRequire(new URL('../bench/peers/package.json', import.meta.url))('@tensorflow/tfjs')
await tf.setBackend('cpu')

const [symbols, features, units, classes, batch, steps] = [7, 5, 4, 3, 2, 6]
const random = new Random(13)
const draw = (shape) =>
  tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-1, 1)), shape)

/** Gates as Keras has them by default; tfjs has a coarser sigmoid for them unless told. */
const options = { units, returnSequences: true, recurrentActivation: 'sigmoid' }
const layers = {
  rnn: () => tf.layers.simpleRNN({ units, returnSequences: true }),
  lstm: () => tf.layers.lstm(options),
  gru: () => tf.layers.gru({ ...options, resetAfter: false }),
  'lstm-both': () => tf.layers.bidirectional({ layer: tf.layers.lstm(options), mergeMode: 'concat' }),
}

for (const [name, layer] of Object.entries(layers)) {
  const stack = [
    tf.layers.embedding({ inputDim: symbols, outputDim: features, inputLength: steps }),
    layer(),
    layer(),
    tf.layers.layerNormalization({ epsilon: 1e-5 }),
    tf.layers.dense({ units: classes }),
  ]
  const model = tf.sequential({ layers: stack })
  model.setWeights(model.getWeights().map(({ shape }) => draw(shape)))
  const x = Int32Array.from({ length: batch * steps }, () => random.integer(symbols))
  const y = model.predict(tf.tensor2d(Float32Array.from(x), [batch, steps]))

  // Two recurrent layers are a stack of ours: 1/0 and 1/1. The names of tfjs end in forward_lstm_…/kernel, embeddings,
  // gamma, …
  const places = ['0', '1/0', '1/1', '2', '3']
  const tensors = stack.flatMap(({ weights }, i) => weights.map((weight) => {
    const direction = /(forward|backward)_/.exec(weight.originalName)?.[1]
    const path = [places[i], ...(direction ? [direction] : []), weight.originalName.split('/').at(-1)].join('/')
    return { name: path, dtype: 'F32', shape: weight.shape, read: () => weight.read().dataSync() }
  }))
  const file = writeSafetensors([
    ...tensors,
    { name: 'x', dtype: 'I32', shape: [batch, steps], read: () => x },
    { name: 'y', dtype: 'F32', shape: y.shape, read: () => y.dataSync() },
  ])
  writeFileSync(new URL(`tfjs-${name}.safetensors`, import.meta.url), file)
  console.log(name, tensors.map(({ name: path, shape }) => `${path} [${shape}]`).join(', '))
}
