import {
  activation, activations, branches, batchNorm, namedVariables, convolution, dense, dropout,
  embedding, gated, layerNorm, oneHot, residual, rmsNorm, sequential, stack, timeDistributed, tokens,
  vector, type ActivationName,
} from '@recurra/layers/authoring'
import {
  bidirectional, gru, gruResetBefore, last, lastAndMeanPool, lstm, meanPool, mergeDirections, repeat, rnn, rnnRelu,
} from '@recurra/rnn'
import { Random, sizeOf } from '@recurra/tensor'
import { of, type Case } from './case.ts'
import { windowCases } from './windows.ts'

export type { Case, Model } from './case.ts'

/** Every layer that has a counterpart in ONNX, with all that can be asked for. */
export const cases: readonly Case[] = [
  ...[rnn, rnnRelu, lstm, gru, gruResetBefore].flatMap((cell) => [
    of(`${cell.definition.type}`, (o) => sequential(3, [cell(5)], o)),
    of(`${cell.definition.type}, states`, (o) => sequential(3, [cell(5), cell(4)], o), { states: true }),
    of(`${cell.definition.type}, states and lengths`, (o) => sequential(3, [cell(5), dense(2)], o), {
      states: true,
      lengths: true,
    }),
    of(
      `${cell.definition.type}, reverse, one bias, lengths`,
      (o) => sequential(3, [cell(5, { reverse: true, biases: 1 }), dense(2)], o),
      { lengths: true },
    ),
    of(
      `${cell.definition.type}, both directions, no bias, lengths`,
      (o) => sequential(3, [bidirectional((direction) => cell(5, { ...direction, biases: 0 })), last()], o),
      { lengths: true },
    ),
  ]),
  ...[lstm, gru, gruResetBefore].flatMap((cell) =>
    (['hardSigmoid', 'hardSigmoidKeras2', 'elu'] as const).flatMap((name) => [
      of(`${cell.definition.type} with ${name}`, (o) =>
        sequential(3, [cell(5, { recurrentActivation: name, activation: 'relu' })], o),
      ),
      of(
        `${cell.definition.type} with ${name} for all, both directions, lengths`,
        (o) =>
          sequential(
            3,
            [bidirectional((direction) => cell(5, { ...direction, recurrentActivation: name, activation: name }))],
            o,
          ),
        { lengths: true },
      ),
    ]),
  ),
  ...(['relu', 'softsign', 'linear', 'hardSigmoid'] as const).map((name) =>
    of(`rnn with ${name}`, (o) => sequential(3, [bidirectional((each) => rnn(5, { ...each, activation: name }))], o)),
  ),
  of(
    'text',
    (o) => sequential(tokens(11), [embedding(6), stack(2, lstm(7)), dropout(0.5), layerNorm(), dense(11)], o),
    { softmax: true },
  ),
  of('one-hot text, lengths', (o) => sequential(tokens(11), [oneHot(), gru(7), last(), dense(3)], o), {
    softmax: true,
    lengths: true,
  }),
  of('last without lengths', (o) => sequential(4, [gru(7), last(), dense(3, { bias: false })], o)),
  ...[true, false].map((lengths) =>
    of(
      `the ends of both directions, lengths: ${lengths}`,
      (o) =>
        sequential(4, [bidirectional((direction) => lstm(5, direction)), last({ bidirectional: true }), dense(3)], o),
      { lengths },
    ),
  ),
  ...[true, false].map((lengths) =>
    of(
      `the mean over both directions, lengths: ${lengths}`,
      (o) => sequential(3, [dense(4), bidirectional((direction) => gru(5, direction)), meanPool(), dense(2)], o),
      { lengths },
    ),
  ),
  ...[true, false].map((lengths) =>
    of(
      `the ends and the mean, lengths: ${lengths}`,
      (o) => sequential(3, [
        bidirectional((direction) => gru(5, direction)), lastAndMeanPool({ bidirectional: true }), dense(2),
      ], o),
      { lengths },
    ),
  ),
  ...(['sum', 'mean', 'product'] as const).map((mode) =>
    of(`the ${mode} of both directions`, (o) =>
      sequential(3, [bidirectional((direction) => gru(5, direction)), mergeDirections(mode), dense(2)], o)),
  ),
  of('chunks', (o) =>
    sequential(8, [timeDistributed([convolution(3, { kernel: 3, stride: 2 }), activation('tanh'), meanPool()])], o)),
  of('chunks, lengths', (o) => sequential(8, [
    timeDistributed([bidirectional((each) => gru(3, each)), last({ bidirectional: true })], { features: 2 }), lstm(3),
  ], o), { lengths: true }),
  of('chunks of a vector', (o) => sequential(vector(8), [timeDistributed([lstm(3), last()]), dense(2)], o)),
  of('chunks, step by step', (o) =>
    sequential(8, [timeDistributed([convolution(2, { kernel: 2 })], { features: 2, outputSteps: 3 })], o)),
  ...[true, false].map((lengths) => of(`chunks with a state${lengths ? ', lengths' : ''}`, (o) =>
    sequential(8, [timeDistributed([lstm(3), dense(2)], { features: 2, stateful: true })], o), { lengths })),
  of('backward to the first step', (o) => sequential(3, [lstm(4, { reverse: true }), last({ reverse: true })], o)),
  of('vector to sequence', (o) => sequential(vector(4), [dense(6), activation('relu'), repeat(5), lstm(3)], o)),
  ...([...Object.keys(activations), 'softmax', 'logSoftmax'] as (ActivationName | 'softmax' | 'logSoftmax')[]).map(
    (name) => of(name, (o) => sequential(vector(4), [dense(6), activation(name)], o)),
  ),
  ...[true, false].map((lengths) =>
    of(
      `residual blocks with a gated recurrence, lengths: ${lengths}`,
      (o) => sequential(4, [
        stack(2, residual([rmsNorm(), gated([gru(5)], [dense(5), activation('silu')]), dense(4)])), rmsNorm(), last(),
      ], o),
      { lengths },
    ),
  ),
  ...([undefined, 'sum', 'difference', 'product', 'mean', 'max', 'min'] as const).flatMap((merge) => [true, false].map(
    (lengths) => of(
      `branches, merge: ${merge}, lengths: ${lengths}`,
      (o) => sequential(3, [
        branches([[gru(5)], [dense(5)], ...(merge === 'difference' ? [] : [[lstm(5)]])], merge && { merge }),
        branches([[], [dense(2)]]), branches([[last()], [meanPool()]], { merge: 'mean' }),
      ], o),
      { lengths },
    ),
  )),
  ...windowCases,
  ...[true, false].map((affine) => of(`batch norm, affine: ${affine}`, (o) => {
    const model = sequential(4, [dense(3), batchNorm({ affine, epsilon: 0.1 }), last(), batchNorm({ affine })], o)
    const random = new Random(4)
    for (const [, { value }] of namedVariables(model.params))
      model.backend.write(value, Array.from({ length: sizeOf(value.shape) }, () => random.uniform(0.5, 2)))
    return model
  })),
  of('activations with options', (o) =>
    sequential(
      4,
      [
        dense(6),
        activation('elu', { alpha: 0.5 }),
        activation('leakyRelu', { negativeSlope: 0.2 }),
        activation('hardtanh', { min: -0.1, max: 0.5 }),
      ],
      o,
    ),
  ),
]
