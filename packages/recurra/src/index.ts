/**
 * Recurra: stack layers, unroll time.
 *
 * @module recurra
 */
export { backend, javascript, webassembly, type Backend } from '@recurra/backend'
export {
  abs, erf, exp, expm1, Expression, formula, log, log1p, logSoftmaxOverColumns, logSumExpOverColumns, max,
  meanOverColumns, min, mix, relu, select, sigmoid, softmaxOverColumns, softplus, sqrt, square, tanh,
} from '@recurra/formula'
export {
  activation, attention, attentionPool, AttentionPool, averagePool, batchNorm, branches, Branches, maxPool,
  concatSource, convolution, countParameters, crop, dense, dropout,
  elementWiseLayer, embedding, flatten, formulaLayer, gated, globalMaxPool, layerNorm, Lengths, logSoftmax, masking,
  multiHeadAttention, named, namedVariables,
  oneHot, pad, QueueFullError, residual, Residual, rmsNorm, sequence, Sequential, sequential, softmax, sourceFor, stack,
  Stream, TimeDistributed, timeDistributed, tokens, transposedConvolution, unflatten, unmask, upSample, vector,
  transpose, wireFor, type ActivationName, type ActivationOptions, type AttentionOptions,
  type AveragePoolOptions, type BatchNormOptions, type BranchesOptions, type Merge, type Pool,
  type PoolOptions, type Blueprint, type CallShape,
  type Convolution, type ConvolutionOptions, type CropOptions, type FormulaLayer, type FormulaLayerOptions,
  type FormulaTree,
  type Frame, type InitialState, type Initializer, type Layer,
  type MaskingOptions, type MultiHeadAttention, type MultiHeadOptions, type Padding, type PadOptions, type Positions,
  type Params,
  type Percentiles,
  type SavedSlot, type Session, type SessionMetrics, type Sessions, type SessionsOptions, type SessionStepOptions,
  type Signal, type Source, type StreamState, type TimeDistributedOptions,
  type TransposedConvolution, type TransposedConvolutionOptions, type Variable, type Windows, type Wire,
} from '@recurra/layers'
export * from '@recurra/formats'
export * from '@recurra/rnn'
export {
  ConfigurationError, editDistance, MemoryError, ndarrayOf, nearest, option, options, Random, RecurraError, ShapeError,
  tensor, toNested, ValueError, zeros, type AbortSignalLike, type NamedTensor, type NamedTensors, type Tensor,
} from '@recurra/tensor'
export * from '@recurra/training'
