/**
 * Layers and models: `sequential`, streams, signals. `@recurra/layers/authoring` has the tools for writing layers.
 *
 * @module @recurra/layers
 */
export { activation, logSoftmax, softmax } from './activation.ts'
export type { ActivationName, ActivationOptions, FeaturesActivationName } from './activations.ts'
export { attention, type AttentionOptions, type Score } from './attention/attention.ts'
export { batchNorm, type BatchNormOptions } from './batch-norm.ts'
export { branches, Branches, gated, type BranchesOptions } from './branches.ts'
export { concatSource } from './concat-source.ts'
export { convolution, type Convolution, type ConvolutionOptions } from './convolution/convolution.ts'
export { pad, type PadOptions } from './convolution/pad.ts'
export type { Padding, Windows } from './convolution/padding.ts'
export { averagePool, maxPool, type AveragePoolOptions, type Pool, type PoolOptions } from './convolution/pool.ts'
export {
  transposedConvolution, type TransposedConvolution, type TransposedConvolutionOptions,
} from './convolution/transposed-convolution.ts'
export { dense, type DenseOptions } from './dense.ts'
export { dropout, type DropoutOptions } from './dropout.ts'
export { elementWiseLayer, type Activation, type ElementWiseMaker } from './element-wise-layer.ts'
export { embedding, type EmbeddingOptions } from './embedding.ts'
export type { CallShape, Frame, Source } from './frame.ts'
export { formulaLayer, type FormulaLayer, type FormulaLayerOptions } from './formula-layer.ts'
export type { FormulaTree } from './formula-tree.ts'
export type { Initializer, Initializers } from './initializers/initializer.ts'
export { layerNorm, type LayerNormOptions } from './layer-norm.ts'
export { masking, unmask, type MaskingOptions } from './masking.ts'
export type { Merge } from './merge.ts'
export type { AsSequence, AsVector, Blueprint, Flow, Gives, Layer, Resized, Same, Stride } from './layer.ts'
export { Lengths } from './lengths.ts'
export type { Clash, LastOf, Linked, OutputOf, SignalOf, StateOf, StatesOf } from './linked.ts'
export {
  multiHeadAttention, type MultiHeadAttention, type MultiHeadOptions,
} from './multi-head/multi-head-attention.ts'
export type { Positions } from './multi-head/plan-multi-head.ts'
export { named } from './named.ts'
export { oneHot } from './one-hot.ts'
export type { StreamOptions } from './plan-stream.ts'
export { residual, Residual } from './residual.ts'
export { rmsNorm, type RmsNormOptions } from './rms-norm.ts'
export { Sequential, sequential, type SequentialOptions } from './sequential.ts'
export { QueueFullError } from './sessions/queue-full-error.ts'
export type { Session, SessionStepOptions } from './sessions/session.ts'
export type { Percentiles, SessionMetrics } from './sessions/session-metrics.ts'
export type { Sessions, SessionsOptions } from './sessions/sessions.ts'
export { sequence, tokens, vector, type Sequence, type Signal, type Tokens, type Vector } from './signal.ts'
export { stack } from './stack.ts'
export type { StatefulSteps } from './stateful-steps.ts'
export { TimeDistributed, timeDistributed, type TimeDistributedOptions } from './time-distributed.ts'
export type { InitialState, SlotValues } from './state-slots.ts'
export { Stream } from './stream.ts'
export type { SavedSlot, StreamState } from './stream-state.ts'
export { upSample } from './up-sample.ts'
export {
  countParameters, namedVariables, type Params, type Slots, type State, type Variable, type Wire,
} from './variable.ts'
export { sourceFor, wireFor } from './wire.ts'
