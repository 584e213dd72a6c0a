// Whole models as tfjs-layers saves them: model.json, weights in several files and groups, an input, and the output
// that tfjs computes of it with the model loaded again. Quantized weights are in the form of its converter. Run it
// after `npm run bench:peers`:
//
//     npx tsx --conditions=@recurra/source test/golden/tfjs_models.mjs

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Random } from 'recurra'
import { layouts } from '../../packages/formats/src/safetensors/dtypes.ts'
import { architectures } from './tfjs_architectures.mjs'

const tf = createRequire(new URL('../bench/peers/package.json', import.meta.url))('@tensorflow/tfjs')
await tf.setBackend('cpu')
const L = tf.layers
const random = new Random(41)
const inputShape = [6, 3]

const chain = (...layers) => tf.sequential({ layers })
const functional = () => {
  const input = tf.input({ shape: [null, 3] })
  const hidden = L.gru({ units: 4, returnSequences: true, recurrentActivation: 'sigmoid' }).apply(input)
  return tf.model({ inputs: input, outputs: L.dense({ units: 2, activation: 'selu' }).apply(hidden) })
}
const sequenceInput = () => tf.input({ shape: inputShape })
const modelOf = (input, output) => tf.model({ inputs: input, outputs: output })

/** Convolutions of several widths side by side, as in Kim 2014. */
const textCnn = () => {
  const input = tf.input({ shape: [6], dtype: 'int32' })
  const embedded = L.embedding({ inputDim: 7, outputDim: 3 }).apply(input)
  const branches = [2, 3, 4].map((kernelSize) => L.globalMaxPooling1d({}).apply(
    L.conv1d({ filters: 3, kernelSize, activation: 'relu' }).apply(embedded)))
  return modelOf(input, L.dense({ units: 2, activation: 'sigmoid' }).apply(L.concatenate().apply(branches)))
}
/** Residual blocks, one inside the other; an activation and a dropout are called twice. */
const residuals = () => {
  const input = sequenceInput()
  const [relu, dropout] = [L.activation({ activation: 'relu' }), L.dropout({ rate: 0.2 })]
  const conv = (x) => L.conv1d({ filters: 3, kernelSize: 3, padding: 'same', dilationRate: 2 }).apply(x)
  const inner = L.add().apply([conv(input), input])
  const body = dropout.apply(relu.apply(conv(inner)))
  const outer = relu.apply(L.add().apply([dropout.apply(input), L.dense({ units: 3 }).apply(body)]))
  return modelOf(input, L.globalAveragePooling1d({}).apply(outer))
}
/** Every merge, with branches in another order than they are made, and within each other. */
const merges = () => {
  const input = sequenceInput()
  const dense = (x, activation = 'tanh') => L.dense({ units: 4, activation }).apply(x)
  const lstm = L.lstm({ units: 4, returnSequences: true }).apply(input)
  const gate = L.multiply().apply([dense(lstm), dense(lstm, 'sigmoid')])
  const mean = L.average().apply([gate, lstm, dense(lstm)])
  const gru = L.gru({ units: 4, returnSequences: true }).apply(input)
  const most = L.maximum().apply([gru, mean])
  const both = L.concatenate({ axis: 2 }).apply([most, input])
  const ends = [L.simpleRNN({ units: 3 }).apply(both), L.bidirectional({ layer: L.lstm({ units: 2 }) }).apply(both)]
  const [a, b] = [L.dense({ units: 2 }).apply(ends[1]), L.dense({ units: 2 }).apply(ends[0])]
  return modelOf(input, dense(L.add().apply([a, b])))
}
/** Models within a model, one of which is within another and has branches; weights are in the order of the layers. */
const nested = () => {
  const branch = (name) => {
    const input = tf.input({ shape: [null, 3] })
    const skip = L.dense({ units: 4, name: `${name}_skip` }).apply(input)
    const lstm = L.lstm({ units: 4, returnSequences: true, name: `${name}_lstm` }).apply(input)
    return tf.model({ inputs: input, outputs: L.add().apply([lstm, skip]), name })
  }
  const gru = L.gru({ units: 3, inputShape: [6, 8], recurrentActivation: 'sigmoid' })
  const ends = tf.sequential({ name: 'ends', layers: [gru] })
  const head = tf.sequential({ name: 'head', layers: [ends, L.batchNormalization({}), L.dense({ units: 2 })] })
  const input = sequenceInput()
  return modelOf(input, head.apply(L.concatenate().apply([branch('left').apply(input), branch('right').apply(input)])))
}
/** Masked steps at both ends and within, in both branches of a model; a mask that goes through other layers. */
const masking = () => {
  const input = sequenceInput()
  const masked = L.masking({ maskValue: 0 }).apply(input)
  const lstm = L.lstm({ units: 4, returnSequences: true }).apply(L.dense({ units: 3 }).apply(masked))
  const both = L.bidirectional({ layer: L.lstm({ units: 2, returnSequences: true }) }).apply(masked)
  const sum = L.add().apply([L.layerNormalization().apply(lstm), both])
  return modelOf(input, L.dense({ units: 2 }).apply(sum))
}
const maskZero = () => chain(
  L.embedding({ inputDim: 7, outputDim: 3, inputLength: 6, maskZero: true }),
  L.gru({ units: 4, returnSequences: true }),
  L.bidirectional({ layer: L.simpleRNN({ units: 3 }), mergeMode: 'sum' }), L.dense({ units: 2 }),
)
const masks = [[1, 1, 0, 1, 0, 0], [0, 1, 1, 1, 1, 0]]
const models = {
  lstm: () => chain(
    L.lstm({ units: 4, inputShape: [null, 3], returnSequences: true }), L.dense({ units: 2, activation: 'softmax' }),
  ),
  gru: () => chain(L.gru({ units: 4, inputShape, useBias: false }), L.dense({ units: 2, activation: 'relu6' })),
  backwards: () => chain(
    L.simpleRNN({ units: 4, inputShape, activation: 'relu', goBackwards: true }), L.dropout({ rate: 0.5 }),
    L.leakyReLU({ alpha: 0.1 }), L.dense({ units: 2 }),
  ),
  directions: () => chain(
    L.embedding({ inputDim: 7, outputDim: 3, inputLength: 6 }),
    ...['concat', 'sum', 'ave'].map((mergeMode) =>
      L.bidirectional({ layer: L.lstm({ units: 3, returnSequences: true }), mergeMode })),
    L.bidirectional({ layer: L.gru({ units: 4, recurrentActivation: 'sigmoid' }), mergeMode: 'mul' }),
    L.batchNormalization(), L.dense({ units: 2, activation: 'tanh' }),
  ),
  convolution: () => chain(
    L.conv1d({ filters: 5, kernelSize: 3, inputShape, padding: 'same', activation: 'elu' }),
    L.maxPooling1d({ poolSize: 2 }), L.batchNormalization({ epsilon: 0.01 }),
    L.lstm({ units: 3, returnSequences: true }),
    L.timeDistributed({ layer: L.dense({ units: 2, activation: 'sigmoid' }) }), L.globalAveragePooling1d({}),
  ),
  cells: () => chain(
    L.rnn({ cell: [L.lstmCell({ units: 4 }), L.gruCell({ units: 3 })], returnSequences: true, inputShape }),
    L.layerNormalization(), L.globalMaxPooling1d({}), L.repeatVector({ n: 3 }),
    L.rnn({ cell: L.gruCell({ units: 2 }) }),
  ),
  functional,
  uint8: functional,
  uint16: functional,
  float16: functional,
  textCnn,
  residuals,
  merges,
  nested,
  masking,
  maskZero,
  ...architectures(tf),
  // go_backwards with return_sequences: the last step first, until another layer reads backwards
  backwardSteps: () => chain(
    L.lstm({ units: 4, inputShape, goBackwards: true, returnSequences: true }),
    L.dense({ units: 3, activation: 'tanh' }), L.gru({ units: 3, returnSequences: true }),
    L.simpleRNN({ units: 3, goBackwards: true, returnSequences: true }),
    L.lstm({ units: 2, returnSequences: true, goBackwards: true }), L.layerNormalization(), L.gru({ units: 2 }),
  ),
  backwardTwice: () => chain(
    ...[4, 3].map((units) => L.lstm({ units, inputShape, goBackwards: true, returnSequences: true })),
    L.conv1d({ filters: 2, kernelSize: 2 }),
  ),
  backwardMean: () => chain(
    L.lstm({ units: 4, inputShape, goBackwards: true, returnSequences: true }), L.globalAveragePooling1d({}),
  ),
  // a layer behind itself, and one in two branches
  sharedWeights: () => {
    const input = sequenceInput()
    const [dense, lstm] = [L.dense({ units: 3, activation: 'tanh' }), L.lstm({ units: 2 })]
    const once = dense.apply(input)
    const both = [lstm.apply(once), lstm.apply(dense.apply(dense.apply(once)))]
    return modelOf(input, L.dense({ units: 2 }).apply(L.concatenate().apply(both)))
  },
  // steps and features change places: weights of the steps, and a recurrent layer over the features
  permuted: () => {
    const input = sequenceInput()
    const swapped = (x) => L.permute({ dims: [2, 1] }).apply(x)
    const weights = swapped(L.dense({ units: 6, activation: 'softmax' }).apply(swapped(input)))
    const attended = L.lstm({ units: 4 }).apply(L.multiply().apply([input, weights]))
    return modelOf(input, L.concatenate().apply([attended, L.lstm({ units: 3 }).apply(swapped(input))]))
  },
}

const values = (length, from, to) => Float32Array.from({ length }, () => random.uniform(from, to))
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1)

/** The weights as the converter quantizes them: the smallest and the largest value are the ends of the integers. */
const quantized = (type, { specs, data }) => {
  const bytes = specs.map((spec, i) => {
    const own = data[i]
    if (type === 'float16') {
      spec.quantization = { dtype: 'float16', original_dtype: 'float32' }
      return layouts.F16.write(own)
    }
    const [min, max] = [Math.min(...own), Math.max(...own)]
    const scale = (max - min) / (type === 'uint8' ? 255 : 65535)
    spec.quantization = { dtype: type, original_dtype: 'float32', scale, min }
    return layouts[type === 'uint8' ? 'U8' : 'U16'].write(own.map((value) => Math.round((value - min) / scale)))
  })
  return Buffer.concat(bytes)
}

const cases = []
for (const [name, make] of Object.entries(models)) {
  const model = make()
  // A variance is positive.
  model.setWeights(model.weights.map(({ shape, originalName }) =>
    tf.tensor(values(sizeOf(shape), originalName.includes('variance') ? 0.5 : -0.8, 1), shape)))
  let saved
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
  }))
  const specs = saved.weightSpecs
  const data = model.weights.map((weight) => weight.read().dataSync())
  const bytes = /int|float/.test(name) ? quantized(name, { specs, data }) : Buffer.from(saved.weightData)
  const again = await tf.loadLayersModel(tf.io.fromMemory({
    modelTopology: saved.modelTopology, weightSpecs: specs,
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  }))
  const symbols = ['directions', 'textCnn', 'maskZero', 'embeddings'].includes(name)
  const shape = symbols ? [2, 6] : [2, 6, 3]
  const x = symbols ? Array.from({ length: 12 }, () => random.integer(7)) : [...values(sizeOf(shape), -1, 1)]
  for (let i = 0; name.startsWith('mask') && i < x.length; i++) x[i] *= masks.flat()[Math.floor(12 * i / x.length)]
  const y = again.predict(tf.tensor(x, shape))

  // Two groups, the second of which is in three files.
  const widths = { uint8: 1, uint16: 2, float16: 2 }
  const first = sizeOf(specs[0].shape) * (widths[name] ?? 4)
  const [a, b] = [bytes.subarray(0, first), bytes.subarray(first)]
  const cut = [Math.floor(b.length / 3), Math.floor(b.length / 2)]
  const files = {
    'group1-shard1of1.bin': a, 'group2-shard1of3.bin': b.subarray(0, cut[0]),
    'group2-shard2of3.bin': b.subarray(cut[0], cut[1]), 'group2-shard3of3.bin': b.subarray(cut[1]),
  }
  const [group1, ...group2] = Object.keys(files)
  const json = {
    format: 'layers-model', generatedBy: `TensorFlow.js tfjs-layers v${tf.version_layers}`, convertedBy: null,
    modelTopology: name === 'gru' ? JSON.stringify(saved.modelTopology) : saved.modelTopology,
    weightsManifest: [
      { paths: [group1], weights: specs.slice(0, 1) }, { paths: group2, weights: specs.slice(1) },
    ],
  }
  cases.push({
    name, json, x, shape, y: [...y.dataSync()],
    files: Object.fromEntries(Object.entries(files).map(([file, part]) => [file, part.toString('base64')])),
  })
  console.log(name, y.shape.join(), specs.map(({ name: path }) => path).join(' '))
}
writeFileSync(new URL('tfjs-models.json', import.meta.url), `${JSON.stringify(cases)}\n`)
