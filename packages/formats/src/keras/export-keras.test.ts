import { javascript } from '@recurra/backend'
import {
  activation, averagePool, batchNorm, branches, convolution, crop, dense, dropout, embedding, gated, globalMaxPool,
  layerNorm, masking, maxPool, multiHeadAttention, named, oneHot, pad, residual, rmsNorm, sequence, Sequential, stack,
  tokens, transpose, transposedConvolution, unflatten, unmask, upSample, vector, type Blueprint, type Signal,
} from '@recurra/layers'
import { bidirectional, gru, gruResetBefore, last, lstm, meanPool, mergeDirections, repeat, rnn } from '@recurra/rnn'
import { ConfigurationError, Random } from '@recurra/tensor'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { outputsOf } from '../../../../test/fixtures/outputs-of.ts'
import { readHdf5 } from '../hdf5/read-hdf5.ts'
import { importModel } from '../import/import-model.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import { exportKeras } from './export-keras.ts'

const backend = javascript()
const made = (input: Signal, ...layers: readonly unknown[]): Sequential =>
  new Sequential(input, layers as Blueprint[], { backend, random: new Random(3) })

/** A model in which no bias is 0 and no scale 1, so that none can take the place of another unnoticed. */
const drawn = (model: Sequential): Sequential => {
  const random = new Random(4)
  const tensors = parametersOf(model).map((tensor) => {
    const values = Array.from(tensor.read() as ArrayLike<number>, () => random.uniform(0.1, 0.9))
    return [tensor.name, { ...tensor, read: () => values }] as const
  })
  loadParameters(model, new Map(tensors))
  return model
}

describe('what is written is read again as the same model:', () => {
  it.each<[what: string, model: Sequential]>([
    ['a writer', made(tokens(7), embedding(4), stack(2, lstm(5)), dense(7))],
    ['both directions, merged', made(sequence(3), bidirectional((o) => lstm(4, o)), mergeDirections('product'),
      bidirectional((o) => gru(3, o)), last({ bidirectional: true }), mergeDirections('mean'), dense(2))],
    ['backward to an end', made(sequence(3), gru(4, { biases: 1 }), gruResetBefore(3),
      rnn(4, { reverse: true, biases: 0 }), last({ reverse: true }), dense(2))],
    ['windows', made(sequence(4), convolution(4, { kernel: 3, padding: 'causal' }), activation('relu'),
      convolution(4, { kernel: 2, groups: 2 }), maxPool({ kernel: 2 }), batchNorm(), layerNorm(), rmsNorm(),
      averagePool({ kernel: 2, stride: 1 }), meanPool())],
    ['more and fewer steps', made(sequence(3), pad({ before: 2, after: 1 }), lstm(4), crop({ after: 2 }), upSample(2),
      transposedConvolution(3, { kernel: 4, stride: 2, padding: 'same' }), globalMaxPool(), dense(6), unflatten(3),
      gru(2))],
    ['weights of steps', made(vector(3), repeat(6), gru(2), branches([
      [], [transpose(6), dense(6), activation('softmax'), transpose(2)],
    ], { merge: 'product' }), lstm(2))],
    ['functions', made(vector(4), dense(5, { bias: false }), activation('leakyRelu', { negativeSlope: 0.3 }),
      dropout(0.5), activation('hardtanh', { min: 0, max: 2 }), repeat(3),
      lstm(4, { recurrentActivation: 'hardSigmoid', activation: 'logSigmoid' }), last(), activation('softmax'))],
    ['branches', made(sequence(3), residual([lstm(4), dense(3)]),
      branches([[gru(4), dense(4)], [residual([dense(4), dense(3)]), dense(4)]], { merge: 'difference' }),
      gated([dense(5)], [dense(5), activation('sigmoid')]), branches([[], [dense(2)], [rnn(3)]]),
      branches([[dense(3), lstm(3), last()], [lstm(3), last()]], { merge: 'max' }), dense(2))],
    ['branches of tokens', made(
      tokens(5), branches([[embedding(3)], [embedding(3), gru(3)]], { merge: 'min' }), gru(2),
    )],
    ['branches of the input that are merged again', made(sequence(3), branches([[], []], { merge: 'mean' }), dense(2))],
    ['attention', made(sequence(6), residual([layerNorm(), multiHeadAttention(3)]),
      residual([multiHeadAttention(2, { over: 'causal', keySize: 4, bias: false })]), dense(2))],
    ['masks', made(sequence(3), masking({ value: 2 }), residual([lstm(3)]), dense(4), unmask(), maxPool({ kernel: 2 }),
      meanPool())],
    ['masks of tokens', made(tokens(3), masking(), embedding(4), branches([[gru(3)], [dense(2)]]), lstm(2), last())],
    ['names that would be equal', made(sequence(3), named('dense_1', dense(4)), dense(3), named('a b', dense(2)))],
  ])('%s', async (_, model) => {
    const wanted = await outputsOf(drawn(model))
    const again = await importModel(exportKeras(model), { backend, onWarning: (message) => expect.fail(message) })
    expect(await outputsOf(again)).toEqual(wanted.map((value) => expect.closeTo(value, 5) as number))
  })
})

it('a file holds what Keras 3 writes: a version, a config, and weights where it looks for them', () => {
  const model = made(sequence(3), lstm(4), bidirectional((o) => lstm(2, o)), last({ bidirectional: true }), dense(2))
  const files = unzipSync(exportKeras(model))
  const json = (name: string): unknown => JSON.parse(new TextDecoder().decode(files[name]))
  expect(json('metadata.json')).toMatchObject({ keras_version: expect.stringMatching(/^3\./) as string })
  expect(json('config.json')).toMatchObject({
    module: 'keras', class_name: 'Sequential', registered_name: null,
    config: {
      layers: [
        { module: 'keras.layers', class_name: 'InputLayer', config: { batch_shape: [null, null, 3] } },
        { class_name: 'LSTM', config: { units: 4, return_sequences: true, name: 'lstm_0', dtype: 'float32' } },
        { class_name: 'Bidirectional', config: { layer: {
          module: 'keras.layers', class_name: 'LSTM', registered_name: null, config: { return_sequences: false },
        } } },
        { class_name: 'Dense' },
      ],
    },
  })
  const { tensors, attributes } = readHdf5(files['model.weights.h5']!)
  const numbers = (path: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `layers/${path}/vars/${i}`)
  expect([...tensors.keys()]).toEqual([
    ...numbers('bidirectional/backward_layer/cell', 3), ...numbers('bidirectional/forward_layer/cell', 3),
    ...numbers('dense', 2), ...numbers('lstm/cell', 3),
  ])
  expect([...attributes.keys()]).toContain('vars')
  expect(exportKeras(model)).toEqual(exportKeras(model))
})

it.each<[what: string, model: Sequential, says: string]>([
  ['one-hot symbols', made(tokens(4), oneHot(), lstm(3)), 'exportKeras, oneHot_0: expected one of dense'],
  ['a sequence in the other order', made(sequence(3), lstm(4, { reverse: true })), 'last({ reverse: true })'],
  ['a last step of anything', made(sequence(3), dense(4), last()), 'got last'],
  ['padding by numbers', made(sequence(4), convolution(4, { kernel: 3, padding: 1 })), "'valid' or 'same' or 'causal'"],
  ['a stride with a dilation', made(sequence(4), convolution(4, { kernel: 3, stride: 2, dilation: 2 })), 'a stride or'],
  ['the hard sigmoid of Keras 2', made(sequence(4), lstm(4, { recurrentActivation: 'hardSigmoidKeras2' })),
    'exportKeras, lstm_0: expected one of the activations tanh'],
  ['a norm without a scale', made(sequence(4), rmsNorm({ affine: false })), 'a scale'],
  ['attention with positions', made(sequence(4), multiHeadAttention(2, { positions: 'alibi' })), 'without window'],
  ['attention over a window', made(sequence(4), multiHeadAttention(2, { over: 'causal', window: 3 })), '"window":3'],
  ['a mask that Keras ends', made(sequence(4), masking(), lstm(4), maxPool({ kernel: 2 })), 'unmask() before it'],
  ['a mask that Keras does not end', made(sequence(4), masking(), lstm(4), unmask(), dense(2)), 'got dense'],
  ['a mask of another token', made(tokens(4), masking({ value: 1 }), embedding(4)), 'got 1, before embedding'],
  ['a mask in one branch', made(sequence(4), branches([[], [masking(), dense(3)]])), 'got some with one'],
  ['a formula', made(sequence(4), activation((x) => x.mul(2))), 'got custom'],
  ['a projection', made(sequence(4), lstm(4, { projection: 2 })), 'projection'],
  ['no model', dense(4) as unknown as Sequential, 'exportKeras: expected a model made by sequential, got dense'],
])('what Keras has no layer for is named: %s', (_, model, says) => {
  expect(() => exportKeras(model)).toThrow(ConfigurationError)
  expect(() => exportKeras(model)).toThrow(says)
})
