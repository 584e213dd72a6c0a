// Has h5py read what exportKeras writes: every dataset at its documented path, with its values. Where Keras 3 is
// installed for that Python, too, it loads the files, and its outputs are compared. Fails where they differ:
//
//     npx tsx --conditions=@recurra/source test/golden/keras_reads.mjs /usr/bin/python3

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  activation, branches, convolution, dense, dropout, gru, keras, last, layerNorm, loadParameters, lstm,
  multiHeadAttention, parametersOf, predict, Random, residual, rmsNorm, sequential,
} from 'recurra'
import { exportKeras } from 'recurra/keras'
import { inputOf, models, options } from './exported_models.mjs'

const random = new Random(9)
const cell = ['kernel', 'recurrent_kernel', 'bias']
const affine = ['kernel', 'bias']
const projections = ['query', 'key', 'value', 'output']

/** Models, and where the weights of their layers are: [path in the file, name in our layout, weights in order]. */
const cases = {
  writer: [models.writer, [
    ['embedding', '0', ['embeddings']], ['lstm/cell', '1/0', cell], ['lstm_1/cell', '1/1', cell],
    ['dense', '2', affine],
  ]],
  directions: [models.directions, [
    ['bidirectional/forward_layer/cell', '0/forward', cell], ['bidirectional/backward_layer/cell', '0/backward', cell],
    ['bidirectional_1/forward_layer/cell', '2/forward', cell],
    ['bidirectional_1/backward_layer/cell', '2/backward', cell], ['dense', '5', affine],
  ]],
  backwards: [models.backwards, [
    ['simple_rnn/cell', '0', cell.slice(0, 2)], ['simple_rnn_1/cell', '1', cell], ['dense', '3', affine],
  ]],
  windows: [models.windows, [
    ['conv1d', '0', affine], ['batch_normalization', '3', ['gamma', 'beta', 'moving_mean', 'moving_variance']],
    ['layer_normalization', '5', ['gamma', 'beta']],
  ]],
  functions: [models.functions, [
    ['dense', '0', ['kernel']], ['lstm/cell', '4', cell], ['simple_rnn/cell', '5', cell],
    ['simple_rnn_1/cell', '6', cell],
  ]],
  masks: [models.masks, [['gru/cell', '1', cell], ['lstm/cell', '2', cell], ['dense', '4', affine]]],
  maskZero: [models.maskZero, [['embedding', '1', ['embeddings']], ['lstm/cell', '2', cell], ['dense', '3', affine]]],
  // The farthest from the output come first; among these, those that a search from it meets first.
  branches: [models.branches, [
    ['lstm/cell', '0/0', cell], ['dense', '0/1', affine], ['dense_1', '1/2/0/0', affine], ['gru/cell', '1/0/0', cell],
    ['dense_2', '1/2/0/1', affine], ['dense_3', '1/0/1', affine], ['dense_4', '1/2/1', affine],
    ['dense_5', '2/gate/0', affine], ['dense_6', '2/value/0', affine],
    ['dense_7', '3/0/0', affine], ['lstm_1/cell', '3/0/1', cell], ['lstm_2/cell', '3/1/0', cell],
    ['dense_8', '3/2/1', affine], ['dense_9', '4/0/0', affine], ['dense_10', '4/1/0', affine],
  ]],
  ofKeras3: [sequential(4, [
    gru(4, { biases: 1 }), convolution(4, { kernel: 3, padding: 'causal', dilation: 2 }), dropout(0.5),
    activation('elu', { alpha: 0.5 }),
    convolution(4, { kernel: 2, groups: 2, stride: 2, padding: 'same' }), rmsNorm(),
    lstm(4, { recurrentActivation: 'hardSigmoid', activation: 'logSigmoid' }), last(), activation('logSoftmax'),
  ], options), [
    ['gru/cell', '0', cell], ['conv1d', '1', affine], ['conv1d_1', '4', affine], ['rms_normalization', '5', ['scale']],
    ['lstm/cell', '6', cell],
  ]],
  attention: [sequential(4, [
    residual([layerNorm(), multiHeadAttention(2)]),
    branches([[], [multiHeadAttention(2, { over: 'causal', keySize: 3 })]], { merge: 'difference' }), dense(2),
  ], options), [
    ['layer_normalization', '0/0', ['gamma', 'beta']], ['dense', '2', affine],
    ...[['multi_head_attention', '0/1'], ['multi_head_attention_1', '1/1/0']].flatMap(([path, layer]) =>
      projections.map((name) =>
        [`${path}/${name}_dense`, `${layer}/${name === 'output' ? 'attention_output' : name}`, affine])),
  ]],
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
    const x = inputOf(model)
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
