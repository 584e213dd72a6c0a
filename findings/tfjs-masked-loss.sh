#!/usr/bin/env bash
# TensorFlow.js 4.22: steps that a mask leaves out still count in losses and metrics, in `evaluate` and in `fit`.
#
# `tf.layers.embedding({ maskZero: true })` and `tf.layers.masking` give masks, which recurrent layers heed. In Keras the
# mask reaches the loss, too, and a padded step counts for nothing. In TensorFlow.js it does not: what stands in the
# targets at padding changes the loss, the accuracy and the gradients, so a tagger learns to tag its padding.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @tensorflow/tfjs@4.22.0 > /dev/null
cat > program.cjs <<'PROGRAM'
const tf = require('@tensorflow/tfjs')
const [steps, real] = [4, 2]
const build = () => {
  const model = tf.sequential()
  model.add(tf.layers.embedding({
    inputDim: 5, outputDim: 3, maskZero: true, inputLength: steps,
    embeddingsInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 1 }),
  }))
  model.add(tf.layers.lstm({
    units: 3, returnSequences: true, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
    recurrentInitializer: tf.initializers.glorotUniform({ seed: 3 }),
  }))
  model.add(tf.layers.dense({
    units: 2, activation: 'softmax', kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }),
  }))
  model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: tf.train.sgd(1), metrics: ['accuracy'] })
  return model
}
const x = tf.tensor2d([[1, 2, 0, 0], [3, 4, 0, 0]]) // 0 is padding
const targets = (padding) =>
  tf.tensor2d([[0, 1, padding, padding], [1, 0, padding, padding]]).expandDims(-1)
const main = async () => {
  const scores = build().predict(x)
  const [p, t] = [scores.arraySync(), targets(0).arraySync()]
  let sum = 0
  for (let b = 0; b < 2; b++) for (let i = 0; i < real; i++) sum -= Math.log(p[b][i][t[b][i][0]])
  console.log(`tfjs ${tf.version.tfjs}: mean loss over the steps that are real: ${(sum / (2 * real)).toFixed(4)}`)
  const found = []
  for (const padding of [0, 1]) {
    const model = build()
    const [loss, accuracy] = model.evaluate(x, targets(padding)).map((value) => value.dataSync()[0])
    await model.fit(x, targets(padding), { epochs: 1, batchSize: 2, verbose: 0 })
    const bias = model.getWeights().at(-1).dataSync()[0]
    found.push({ loss, accuracy, bias })
    console.log(`targets ${padding} at padding: loss ${loss.toFixed(4)}, accuracy ${accuracy}, ` +
      `first bias after one step of SGD ${bias.toFixed(4)}`)
  }
  const [zero, one] = found
  const asFound = ['loss', 'accuracy', 'bias'].every((name) => Math.abs(zero[name] - one[name]) > 1e-3)
  console.log(asFound ? 'as found: padding counts in losses, metrics and gradients' : 'this has changed')
  process.exit(asFound ? 0 : 1)
}
main()
PROGRAM
node program.cjs 2> /dev/null | grep -v '^$' | tail -4
