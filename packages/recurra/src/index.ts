/**
 * Recurra: stack layers, unroll time.
 *
 * @module recurra
 */
export { backend, javascript, webassembly, type Backend } from '@recurra/backend'
export {
  exp, Expression, formula, log, max, min, mix, relu, select, sigmoid, softplus, sqrt, tanh,
} from '@recurra/formula'
export {
  activation, attention, countParameters, dense, dropout, embedding, joinSource, layerNorm, leaves, Lengths, named, oneHot, sequence,
  Sequential, sequential, stack, Stream, tokens, vector, type AttentionOptions, type Blueprint, type Frame,
  type Initialiser, type Layer,
} from '@recurra/layers'
export * from '@recurra/formats'
export * from '@recurra/rnn'
export {
  ConfigurationError, editDistance, MemoryError, ndarrayOf, nearest, option, options, Random, RecurraError, ShapeError, tensor,
  toNested, ValueError, zeros, type AbortSignalLike, type Tensor,
} from '@recurra/tensor'
export * from '@recurra/training'
