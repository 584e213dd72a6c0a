// The hard sigmoid of tfjs-layers, 0.2x + 0.5 within [0, 1]: its values and derivatives, the ends among them, and an
// LSTM and a GRU with the recurrent activation that tfjs-layers gives them by default, with weights under the names of
// its getWeights(), gradients of the sum of the output, an input, and the output. Run it after `npm run bench:peers`:
//
//     npx tsx --conditions=@recurra/source test/golden/tfjs_hard_sigmoid.mjs

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Random } from 'recurra'

const tf = createRequire(new URL('../bench/peers/package.json', import.meta.url))('@tensorflow/tfjs')
await tf.setBackend('cpu')

const points = [-30, -4, -3, -2.75, -2.5, -2.25, -1, -0.125, 0, 0.125, 1, 2.25, 2.5, 2.75, 3, 4, 30]
const activation = tf.layers.activation({ activation: 'hardSigmoid', inputShape: [1] })
const of = (x) => activation.apply(x)
const x1 = tf.tensor2d(points, [points.length, 1])
const y = Array.from(of(x1).dataSync())
const dy = Array.from(tf.grad((x) => of(x))(x1).dataSync())

const [features, units] = [2, 3]
const random = new Random(23)
const draw = (shape, width) =>
  tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-width, width)), shape)
const x = draw([2, 6, features], 3) // so wide that gates come to both ends
const cases = []
for (const kind of ['lstm', 'gru']) {
  const layer = tf.layers[kind]({ units, returnSequences: true, name: `${kind}_${kind.toUpperCase()}1` })
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [6, features] }), layer] })
  const weights = model.getWeights().map(({ shape }) => draw(shape, 1.5))
  model.setWeights(weights)
  const { grads } = tf.variableGrads(() => model.predict(x).sum())
  cases.push({
    kind,
    recurrentActivation: layer.getConfig().recurrentActivation,
    weights: model.weights.map((weight) => ({
      name: weight.originalName,
      shape: weight.shape,
      data: Array.from(weight.read().dataSync()),
      gradient: Array.from(grads[weight.name].dataSync()),
    })),
    y: model.predict(x).arraySync(),
  })
}
writeFileSync(
  new URL('tfjs-hard-sigmoid.json', import.meta.url),
  `${JSON.stringify({ points, y, dy, x: x.arraySync(), cases })}\n`,
)
