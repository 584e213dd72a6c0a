// Models that both TensorFlow.js and Keras have layers for, and an input of each: what tfjs_reads.mjs and
// keras_reads.mjs export and have read.

import {
  activation, averagePool, batchNorm, bidirectional, branches, convolution, dense, embedding, gated, gruResetBefore,
  javascript, last, layerNorm, lstm, masking, maxPool, meanPool, mergeDirections, Random, repeat, residual, rnn,
  rnnRelu, sequential, stack, tokens, vector,
} from 'recurra'

export const options = { backend: javascript() }
const random = new Random(9)

/** An input of a model: two sequences of six steps, or two vectors. */
export const inputOf = ({ in: { kind, size } }) => {
  const shape = kind === 'vector' ? [2, size] : kind === 'tokens' ? [2, 6] : [2, 6, size]
  const drawn = () => (kind === 'tokens' ? random.integer(size) : random.normal())
  const nested = ([count, ...inner]) =>
    Array.from({ length: count }, () => (inner.length === 0 ? drawn() : nested(inner)))
  return nested(shape)
}

export const models = {
  writer: sequential(tokens(7), [embedding(4), stack(2, lstm(5)), dense(7)], options),
  directions: sequential(3, [
    bidirectional((o) => lstm(4, o)), mergeDirections('product'), bidirectional((o) => gruResetBefore(3, o)),
    last({ bidirectional: true }), mergeDirections('mean'), dense(2), activation('gelu'),
  ], options),
  backwards: sequential(3, [
    rnn(4, { biases: 0 }), rnnRelu(4, { reverse: true }), last({ reverse: true }), dense(2),
  ], options),
  windows: sequential(3, [
    convolution(4, { kernel: 3, padding: 'same' }), activation('elu'), maxPool({ kernel: 2 }), batchNorm(),
    averagePool({ kernel: 2, stride: 1 }), layerNorm(), meanPool(),
  ], options),
  functions: sequential(vector(4), [
    dense(5, { bias: false }), activation('leakyRelu'), activation('hardtanh', { min: 0, max: 2 }),
    repeat(3), lstm(4, { activation: 'softplus' }),
    rnn(4, { activation: 'softsign' }), rnn(4, { activation: 'linear' }), last(), activation('softmax'),
  ], options),
  masks: sequential(3, [masking({ value: 0.5 }), gruResetBefore(3), lstm(4), last(), dense(2)], options),
  maskZero: sequential(tokens(3), [masking(), embedding(4), lstm(4), dense(2)], options),
  /** The dense layers of the branches come in another order in Keras than here. */
  branches: sequential(3, [
    residual([lstm(4), dense(3)]),
    branches([[gruResetBefore(4), dense(4)], [], [residual([dense(4), dense(3)]), dense(4)]]),
    gated([dense(5)], [dense(5), activation('sigmoid')]),
    branches([[dense(3), lstm(3), last()], [lstm(3), last()], [meanPool(), dense(3)]], { merge: 'mean' }),
    branches([[dense(2)], [dense(2)]], { merge: 'max' }),
  ], options),
}
