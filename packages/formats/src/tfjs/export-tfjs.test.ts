import { javascript } from '@recurra/backend'
import {
  activation, averagePool, batchNorm, branches, convolution, dense, dropout, embedding, gated, layerNorm, masking,
  maxPool, multiHeadAttention, residual, sequence, Sequential, stack, tokens, unmask, vector, type Blueprint,
  type Signal,
} from '@recurra/layers'
import { bidirectional, gru, gruResetBefore, last, lstm, meanPool, mergeDirections, repeat, rnn } from '@recurra/rnn'
import { ConfigurationError, Random } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { outputsOf } from '../../../../test/fixtures/outputs-of.ts'
import { importModel } from '../import/import-model.ts'
import { exportTfjs } from './export-tfjs.ts'

const backend = javascript()
const made = (input: Signal, ...layers: readonly unknown[]): Sequential =>
  new Sequential(input, layers as Blueprint[], { backend, random: new Random(3) })

describe('what is written is read again as the same model:', () => {
  it.each<[what: string, model: Sequential]>([
    ['a writer', made(tokens(7), embedding(4), stack(2, lstm(5)), dense(7))],
    ['both directions, merged', made(sequence(3), bidirectional((o) => lstm(4, o)), mergeDirections('product'),
      bidirectional((o) => gruResetBefore(3, o)), last({ bidirectional: true }), mergeDirections('mean'), dense(2))],
    ['backward to an end', made(sequence(3), rnn(4, { reverse: true, biases: 0 }), last({ reverse: true }), dense(2))],
    ['windows', made(sequence(3), convolution(4, { kernel: 3, padding: 'same' }), activation('relu'),
      maxPool({ kernel: 2 }), batchNorm(), averagePool({ kernel: 2, stride: 1 }), layerNorm(), meanPool())],
    ['functions', made(vector(4), dense(5, { bias: false }), activation('leakyRelu', { negativeSlope: 0.3 }),
      dropout(0.5), activation('hardtanh', { min: 0, max: 2 }), repeat(3),
      lstm(4, { recurrentActivation: 'hardSigmoidKeras2', activation: 'softplus' }), rnn(4, { activation: 'mish' }),
      rnn(3, { activation: 'linear' }), last(), activation('softmax'))],
    ['masks', made(sequence(3), masking({ value: 2 }), dense(4), lstm(3), last(), dense(2))],
    ['branches', made(sequence(3), residual([lstm(4), dense(3)]),
      branches([[gruResetBefore(4), dense(4)], [residual([dense(4), dense(3)]), dense(4)]], { merge: 'sum' }),
      gated([dense(5)], [dense(5), activation('sigmoid')]), branches([[], [dense(2)], [rnn(3)]]),
      branches([[dense(3), lstm(3), last()], [lstm(3), last()]], { merge: 'mean' }), dense(2))],
  ])('%s', async (_, model) => {
    const again = await importModel(exportTfjs(model), { backend, onWarning: (message) => expect.fail(message) })
    const wanted = await outputsOf(model)
    expect(await outputsOf(again)).toEqual(wanted.map((value) => expect.closeTo(value, 6) as number))
  })
})

it.each<[what: string, model: Sequential, says: string]>([
  ['a GRU that resets after the product', made(sequence(3), gru(4)), 'exportTfjs, gru_0: expected one of dense'],
  ['a sequence in the other order', made(sequence(3), lstm(4, { reverse: true })), 'last({ reverse: true })'],
  ['a last step of anything', made(sequence(3), dense(4), last()), 'got last'],
  ['groups', made(sequence(4), convolution(4, { kernel: 2, groups: 4 })), 'one group'],
  ['padding by numbers', made(sequence(4), convolution(4, { kernel: 3, padding: 1 })), "'valid' or 'same'"],
  ['causal padding', made(sequence(4), convolution(4, { kernel: 3, padding: 'causal' })), "'valid' or 'same'"],
  ['an ELU of its own', made(sequence(4), activation('elu', { alpha: 0.5 })), 'alpha 1, as ELU of TensorFlow.js has'],
  ['a mask that it refuses', made(sequence(4), masking(), lstm(4), meanPool()), 'no mask, as TensorFlow.js refuses it'],
  ['a mask that ends', made(sequence(4), masking(), lstm(4), unmask(), maxPool({ kernel: 2 })),
    'no mask before maxPool'],
  ['a mask before a merge', made(sequence(4), masking(), residual([lstm(4)])), 'no mask before layers that merge'],
  ['a difference', made(sequence(4), branches([[dense(4)], []], { merge: 'difference' })), 'got difference'],
  ['attention', made(sequence(4), multiHeadAttention(2)), 'got multiHeadAttention'],
  ['a formula', made(sequence(4), activation((x) => x.mul(2))), 'got custom'],
  ['a projection', made(sequence(4), lstm(4, { projection: 2 })), 'projection'],
])('what TensorFlow.js has no layer for is named: %s', (_, model, says) => {
  expect(() => exportTfjs(model)).toThrow(ConfigurationError)
  expect(() => exportTfjs(model)).toThrow(says)
})
