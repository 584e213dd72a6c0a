// Has tfjs load what exportTfjs writes, and compares the outputs; fails where they differ. Run it after `npm run
// bench:peers`:
//
//     npx tsx --conditions=@recurra/source test/golden/tfjs_reads.mjs

import { createRequire } from 'node:module'
import {
  activation, averagePool, batchNorm, bidirectional, convolution, dense, embedding, gruResetBefore, javascript, last,
  layerNorm, lstm, maxPool, meanPool, mergeDirections, predict, Random, repeat, rnn, rnnRelu, sequential, stack, tokens,
  vector,
} from 'recurra'
import { exportTfjs } from 'recurra/tfjs'

const tf = createRequire(new URL('../bench/peers/package.json', import.meta.url))('@tensorflow/tfjs')
await tf.setBackend('cpu')
const options = { backend: javascript() }
const random = new Random(9)

const models = {
  writer: sequential(tokens(7), [embedding(4), stack(2, lstm(5)), dense(7)], options),
  directions: sequential(3, [
    bidirectional((o) => lstm(4, o)), mergeDirections('product'), bidirectional((o) => gruResetBefore(3, o)),
    last({ bidirectional: true }), mergeDirections('mean'), dense(2), activation('gelu'),
  ], options),
  backwards: sequential(3, [rnn(4), rnnRelu(4, { reverse: true }), last({ reverse: true }), dense(2)], options),
  windows: sequential(3, [
    convolution(4, { kernel: 3, padding: 'same' }), activation('elu'), maxPool({ kernel: 2 }), batchNorm(),
    averagePool({ kernel: 2, stride: 1 }), layerNorm(), meanPool(),
  ], options),
  functions: sequential(vector(4), [
    dense(5, { bias: false }), activation('leakyRelu'), repeat(3),
    lstm(4, { recurrentActivation: 'hardSigmoidKeras2' }), rnn(4, { activation: 'softsign' }), activation('mish'),
    rnn(4, { activation: 'linear' }), last(), activation('softmax'),
  ], options),
}

for (const [name, model] of Object.entries(models)) {
  const files = exportTfjs(model)
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(files['model.json']))
  const bytes = files['weights.bin']
  const loaded = await tf.loadLayersModel(tf.io.fromMemory({
    modelTopology, weightSpecs: weightsManifest[0].weights,
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  }))
  const { kind, size } = model.in
  const shape = kind === 'vector' ? [2, size] : kind === 'tokens' ? [2, 6] : [2, 6, size]
  const x = tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
    kind === 'tokens' ? random.integer(size) : random.normal()), shape)
  const theirs = loaded.predict(x).dataSync()
  const ours = [...(await predict(model, await x.array())).data]
  const difference = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i])))
  console.log(`${name}: ${ours.length} outputs, at most ${difference} apart`)
  if (ours.length !== theirs.length || !(difference < 2e-6)) process.exitCode = 1
}
