// Has h5py read what exportKeras writes: every dataset at its documented path, with its values. Where Keras 3 is
// installed for that Python, too, it loads the files, and its outputs are compared. Fails where they differ:
//
//     npx tsx --conditions=@recurra/source test/golden/keras_reads.mjs /usr/bin/python3

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  activation, averagePool, batchNorm, bidirectional, convolution, dense, dropout, embedding, gru, gruResetBefore,
  javascript, keras, last, layerNorm, loadParameters, lstm, maxPool, meanPool, mergeDirections, parametersOf, predict,
  Random, repeat, rmsNorm, rnn, rnnRelu, sequential, stack, tokens, vector,
} from 'recurra'
import { exportKeras } from 'recurra/keras'

const options = { backend: javascript() }
const random = new Random(9)
const cell = ['kernel', 'recurrent_kernel', 'bias']
const affine = ['kernel', 'bias']

/** Models, and where the weights of their layers are: [path in the file, name in our layout, weights in order]. */
const cases = {
  writer: [sequential(tokens(7), [embedding(4), stack(2, lstm(5)), dense(7)], options), [
    ['embedding', '0', ['embeddings']], ['lstm/cell', '1/0', cell], ['lstm_1/cell', '1/1', cell],
    ['dense', '2', affine],
  ]],
  directions: [sequential(3, [
    bidirectional((o) => lstm(4, o)), mergeDirections('product'), bidirectional((o) => gru(3, o)),
    last({ bidirectional: true }), mergeDirections('mean'), dense(2), activation('gelu'),
  ], options), [
    ['bidirectional/forward_layer/cell', '0/forward', cell], ['bidirectional/backward_layer/cell', '0/backward', cell],
    ['bidirectional_1/forward_layer/cell', '2/forward', cell],
    ['bidirectional_1/backward_layer/cell', '2/backward', cell], ['dense', '5', affine],
  ]],
  backwards: [sequential(3, [
    gru(4, { biases: 1 }), gruResetBefore(3), rnn(4, { biases: 0 }), rnnRelu(4, { reverse: true }),
    last({ reverse: true }), dense(2),
  ], options), [
    ['gru/cell', '0', cell], ['gru_1/cell', '1', cell], ['simple_rnn/cell', '2', cell.slice(0, 2)],
    ['simple_rnn_1/cell', '3', cell], ['dense', '5', affine],
  ]],
  windows: [sequential(4, [
    convolution(4, { kernel: 3, padding: 'causal', dilation: 2 }), activation('elu'),
    convolution(4, { kernel: 2, groups: 2, stride: 2, padding: 'same' }), maxPool({ kernel: 2 }), batchNorm(),
    averagePool({ kernel: 2, stride: 1, padding: 'same' }), layerNorm(), rmsNorm(), meanPool(),
  ], options), [
    ['conv1d', '0', affine], ['conv1d_1', '2', affine],
    ['batch_normalization', '4', ['gamma', 'beta', 'moving_mean', 'moving_variance']],
    ['layer_normalization', '6', ['gamma', 'beta']], ['rms_normalization', '7', ['scale']],
  ]],
  functions: [sequential(vector(4), [
    dense(5, { bias: false }), activation('leakyRelu'), dropout(0.5), activation('hardtanh', { min: 0, max: 2 }),
    activation('elu', { alpha: 0.5 }), repeat(3),
    lstm(4, { recurrentActivation: 'hardSigmoid', activation: 'logSigmoid' }), last(), activation('softmax'),
  ], options), [['dense', '0', ['kernel']], ['lstm/cell', '6', cell]]],
}

const folder = mkdtempSync(join(tmpdir(), 'recurra-keras-'))
try {
  for (const [name, [model, places]] of Object.entries(cases)) {
    loadParameters(model, new Map(parametersOf(model).map(({ name: each, shape, dtype }) => {
      const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(0.2, 0.9))
      return [each, { name: each, shape, dtype, read: () => values }]
    })))
    const stored = new Map(parametersOf(model, { layout: keras }).map((one) => [one.name, one]))
    const weights = Object.fromEntries(places.flatMap(([path, layer, parts]) => parts.map((part, i) => {
      const { shape, read } = stored.get(`${layer}/${part}`)
      return [`layers/${path}/vars/${i}`, { shape, values: [...read()] }]
    })))
    const { kind, size } = model.in
    const shape = kind === 'vector' ? [2, size] : kind === 'tokens' ? [2, 6] : [2, 6, size]
    const drawn = () => (kind === 'tokens' ? random.integer(size) : random.normal())
    const nested = ([count, ...inner]) =>
      Array.from({ length: count }, () => (inner.length === 0 ? drawn() : nested(inner)))
    const x = nested(shape)
    const y = [...(await predict(model, x)).data]
    writeFileSync(join(folder, `${name}.keras`), exportKeras(model))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ weights, x, y }))
  }
  const [python = '/usr/bin/python3'] = process.argv.slice(2)
  const script = new URL('keras_reads.py', import.meta.url).pathname
  process.exitCode = spawnSync(python, [script, folder], { stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(folder, { recursive: true })
}
