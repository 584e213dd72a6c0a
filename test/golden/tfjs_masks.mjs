// Sequences with gaps as tfjs-layers computes them: a step of nothing but zeros is masked, in the middle, at the
// beginning and at the end. Weights under the names of Keras, an input, its mask, and the output. Run it after `npm run
// bench:peers`:
//
//     npx tsx --conditions=@recurra/source test/golden/tfjs_masks.mjs

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Random } from 'recurra'

const tf = createRequire(new URL('../bench/peers/package.json', import.meta.url))('@tensorflow/tfjs')
await tf.setBackend('cpu')

const [features, units] = [2, 3]
const random = new Random(17)
const draw = (shape) =>
  tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-1, 1)), shape)
const mask = [[1, 0, 1, 1, 0, 1], [0, 1, 0, 0, 1, 0], [1, 1, 1, 1, 1, 1]]
const x = mask.map((row) => row.map((real) => Array.from({ length: features }, () => real * random.uniform(-1, 1))))

const cases = []
for (const kind of ['lstm', 'gru', 'simpleRNN'])
  for (const [both, returnSequences] of [[false, true], [false, false], [true, true], [true, false]]) {
    const options = {
      units,
      returnSequences,
      ...(kind !== 'simpleRNN' && { recurrentActivation: 'sigmoid' }),
      ...(kind === 'gru' && { resetAfter: false }),
    }
    const layer = tf.layers[kind](options)
    const masking = tf.layers.masking({ maskValue: 0, inputShape: [6, features] })
    const model = tf.sequential({
      layers: [masking, both ? tf.layers.bidirectional({ layer, mergeMode: 'concat' }) : layer],
    })
    const weights = model.getWeights().map(({ shape }) => draw(shape))
    model.setWeights(weights)
    cases.push({
      kind,
      both,
      returnSequences,
      weights: weights.map((w) => w.arraySync()),
      y: model.predict(tf.tensor(x)).arraySync(),
    })
  }
writeFileSync(new URL('tfjs-masks.json', import.meta.url), `${JSON.stringify({ mask, x, cases })}\n`)
